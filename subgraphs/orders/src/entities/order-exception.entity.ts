import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { Id } from '@quanyu/ids';
import type { ExceptionState } from '../domain/exception-actions.js';
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
    state: p.string().$type<ExceptionState>(),
    raisedAt: p.datetime(),
    resolvedAt: p.datetime().nullable(),
    /** A person agreed to it as it is. */
    acceptedAt: p.datetime().nullable(),
    /** Of one that waits. */
    nextTryAt: p.datetime().nullable(),
  },
});
export type OrderExceptionRow = InferEntity<typeof OrderException>;
