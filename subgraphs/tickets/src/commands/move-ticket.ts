import { LockMode, type FilterQuery } from '@mikro-orm/core';
import { refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import { move, type TicketAction } from '../domain/moves.js';
import { Ticket, type TicketRow } from '../entities/ticket.entity.js';
import type { TicketsErrorCode } from '../errors.js';
import { inSight } from '../queries/tickets.js';

export interface MoveTicket {
  readonly ticketId: string;
  readonly action: TicketAction;
  /** The version that the caller has seen; null when they do not mind. */
  readonly expectedVersion: number | null;
}

/** Moves a ticket on. Whoever starts one that nobody has, has it. */
export function moveTicket(ctx: GraphContext, { ticketId, action, expectedVersion }: MoveTicket): Promise<{ kind: 'moved' } | Refusal<TicketsErrorCode>> {
  return ctx.write('move-ticket', async (em) => {
    const ticket = await em.findOne(Ticket, { $and: [inSight(ctx), { id: ticketId }] } as FilterQuery<TicketRow>, { lockMode: LockMode.PESSIMISTIC_WRITE });
    if (ticket === null) return refuse('TICKET_NOT_FOUND', 'ticketId');
    if (expectedVersion !== null && expectedVersion !== ticket.version) return refuse('VERSION_CONFLICT', 'expectedVersion');
    const status = move(ticket.status, action);
    if (status === null) return refuse('MOVE_NOT_ALLOWED', 'action');
    ticket.status = status;
    if (action === 'START' && ctx.viewer.kind === 'staff') ticket.assigneeId ??= ctx.viewer.subjectId;
    ticket.version += 1;
    ticket.updatedAt = new Date();
    return { kind: 'moved' };
  });
}
