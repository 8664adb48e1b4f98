import { describe, expect, it } from '@jest/globals';
import { move, TICKET_ACTIONS, TICKET_STATUSES, type TicketAction, type TicketStatus } from './moves.js';

/** Every cell: rows are statuses, columns the actions in the order of TICKET_ACTIONS. */
const TABLE: Readonly<Record<TicketStatus, readonly (TicketStatus | null)[]>> = {
  //                   START          ASK_CUSTOMER         RESUME         RESOLVE     REOPEN         CLOSE
  OPEN:              ['IN_PROGRESS', null,                null,          null,       null,          'CLOSED'],
  IN_PROGRESS:       [null,          'AWAITING_CUSTOMER', null,          'RESOLVED', null,          'CLOSED'],
  AWAITING_CUSTOMER: [null,          null,                'IN_PROGRESS', 'RESOLVED', null,          'CLOSED'],
  RESOLVED:          [null,          null,                null,          null,       'IN_PROGRESS', 'CLOSED'],
  CLOSED:            [null,          null,                null,          null,       null,          null],
};
const cells = TICKET_STATUSES.flatMap((status) => TICKET_ACTIONS.map((action, column): [TicketStatus, TicketAction, TicketStatus | null] => [status, action, TABLE[status][column] ?? null]));

describe('moves of a ticket', () => {
  it.each(cells)('%s + %s = %s', (status, action, expected) => {
    expect(move(status, action)).toBe(expected);
  });

  it('reach every status from OPEN, and CLOSED from every other', () => {
    const reached = new Set<TicketStatus>(['OPEN']);
    for (const status of reached) for (const action of TICKET_ACTIONS) {
      const next = move(status, action);
      if (next !== null) reached.add(next);
    }
    expect([...reached].sort()).toEqual([...TICKET_STATUSES].sort());
    for (const status of TICKET_STATUSES) if (status !== 'CLOSED') expect(move(status, 'CLOSE')).toBe('CLOSED');
  });
});
