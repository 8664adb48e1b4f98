import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { Id } from '@quanyu/ids';

/** Without the sealed body: megabytes that a list never needs. */
export const Delivery = defineEntity({
  name: 'Delivery',
  tableName: 'delivery',
  properties: {
    id: p.string().primary().$type<Id<'dlv'>>(),
    tenantId: p.string(),
    connectionId: p.string().$type<Id<'con'>>(),
    topic: p.string(),
    bodyHash: p.string(),
    bodyBytes: p.integer(),
    triggeredAt: p.datetime().nullable(),
    state: p.enum(['RECEIVED', 'VERIFIED', 'PROCESSING', 'DONE', 'FAILED', 'DEAD', 'IGNORED'] as const),
    reasonCode: p.string().nullable(),
    reasonPath: p.string().nullable(),
    attempts: p.integer(),
    externalOrderId: p.string().nullable(),
    receivedAt: p.datetime(),
    doneAt: p.datetime().nullable(),
  },
});
export type DeliveryRow = InferEntity<typeof Delivery>;
