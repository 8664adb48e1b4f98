import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { Id } from '@quanyu/ids';
import type { ExceptionCode } from '../domain/order-state.js';

export const OrderException = defineEntity({
  name: 'OrderException',
  tableName: 'order_exception',
  properties: {
    id: p.string().primary().$type<Id<'exc'>>(),
    tenantId: p.string(),
    orderId: p.string().$type<Id<'ord'>>(),
    connectionId: p.string(),
    code: p.string().$type<ExceptionCode>(),
    /** The channel's SKU names or SKU ids that it is about. */
    subjects: p.json<string[]>(),
    state: p.enum(['OPEN', 'RESOLVED'] as const),
    raisedAt: p.datetime(),
    resolvedAt: p.datetime().nullable(),
  },
});
export type OrderExceptionRow = InferEntity<typeof OrderException>;
