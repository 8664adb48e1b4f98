import { ticketCreated } from '@quanyu/events';
import { newId } from '@quanyu/ids';
import { record } from '@quanyu/outbox';
import { once, refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import { KnownOrder } from '../entities/known-order.entity.js';
import { Ticket, type TicketRow } from '../entities/ticket.entity.js';
import type { TicketsErrorCode } from '../errors.js';
import { sealSubject } from '../queries/ticket-subject.js';

export interface CreateTicket {
  readonly kind: TicketRow['kind'];
  readonly subject: string;
  readonly orderId: string | null;
  readonly memberId: string | null;
  readonly idempotencyKey: string;
}

export type TicketCreated = { readonly kind: 'created'; readonly ticketId: string };

const MAX_SUBJECT = 2000;

export function createTicket(ctx: GraphContext, input: CreateTicket): Promise<TicketCreated | Refusal<TicketsErrorCode>> {
  const { tenantId } = ctx.viewer;
  const { kind, subject, orderId, memberId, idempotencyKey: key } = input;
  return ctx.write('create-ticket', async (em) => {
    if (subject.trim() === '' || subject.length > MAX_SUBJECT) return refuse('SUBJECT_INVALID', 'subject');
    const order = orderId === null ? null : await em.findOne(KnownOrder, { tenantId, orderId });
    // Not remembered under the key: the order may be on its way to us, and the same request succeed in a second.
    if (orderId !== null && (order === null || !ctx.viewer.seesChannel(order.connectionId))) return refuse('ORDER_NOT_FOUND', 'orderId');
    return once<TicketCreated>(em, tenantId, { mutation: 'createTicket', key, input }, async () => {
      const id = newId('tkt');
      em.create(Ticket, {
        id, tenantId, kind, status: 'OPEN', orderId, connectionId: order?.connectionId ?? null, memberId, assigneeId: null,
        sealedSubject: sealSubject(ctx.deps.vault, { id, tenantId }, subject), version: 1,
      });
      record(em, ticketCreated({ tenantId, sequence: 1, data: { ticketId: id, orderId, kind } }));
      return { kind: 'created', ticketId: id };
    });
  });
}
