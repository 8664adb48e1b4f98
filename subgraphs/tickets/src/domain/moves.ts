// A ticket is taken up, may wait for the customer, is resolved and closed; once closed it stays closed.

export const TICKET_STATUSES = ['OPEN', 'IN_PROGRESS', 'AWAITING_CUSTOMER', 'RESOLVED', 'CLOSED'] as const;
export type TicketStatus = (typeof TICKET_STATUSES)[number];

export const TICKET_ACTIONS = ['START', 'ASK_CUSTOMER', 'RESUME', 'RESOLVE', 'REOPEN', 'CLOSE'] as const;
export type TicketAction = (typeof TICKET_ACTIONS)[number];

/** Where each action leads from each status; what is not here is not allowed. */
export const MOVES: Readonly<Record<TicketStatus, Readonly<Partial<Record<TicketAction, TicketStatus>>>>> = {
  OPEN: { START: 'IN_PROGRESS', CLOSE: 'CLOSED' },
  IN_PROGRESS: { ASK_CUSTOMER: 'AWAITING_CUSTOMER', RESOLVE: 'RESOLVED', CLOSE: 'CLOSED' },
  AWAITING_CUSTOMER: { RESUME: 'IN_PROGRESS', RESOLVE: 'RESOLVED', CLOSE: 'CLOSED' },
  RESOLVED: { REOPEN: 'IN_PROGRESS', CLOSE: 'CLOSED' },
  CLOSED: {},
};

/** The status that an action leads to; null when it is not allowed. */
export const move = (status: TicketStatus, action: TicketAction): TicketStatus | null => MOVES[status][action] ?? null;
