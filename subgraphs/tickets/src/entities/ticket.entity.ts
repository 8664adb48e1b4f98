import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { Id } from '@quanyu/ids';
import type { TicketStatus } from '../domain/moves.js';

export const TICKET_KINDS = ['RETURN_REFUND', 'EXCHANGE', 'COMPLAINT', 'COMPENSATION', 'QUESTION'] as const;

export const Ticket = defineEntity({
  name: 'Ticket',
  tableName: 'ticket',
  properties: {
    id: p.string().primary().$type<Id<'tkt'>>(),
    tenantId: p.string(),
    kind: p.enum(TICKET_KINDS),
    status: p.string().$type<TicketStatus>(),
    orderId: p.string().nullable(),
    connectionId: p.string().nullable(),
    memberId: p.string().nullable(),
    assigneeId: p.string().nullable(),
    sealedSubject: p.text(),
    /** Grows with each change. */
    version: p.integer(),
    createdAt: p.datetime().defaultRaw('app_now()'),
    updatedAt: p.datetime().defaultRaw('app_now()'),
  },
});
export type TicketRow = InferEntity<typeof Ticket>;
