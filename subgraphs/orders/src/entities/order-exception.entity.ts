import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { Id } from '@quanyu/ids';

export const EXCEPTION_CODES = ['UNKNOWN_SKU', 'STOCK_SHORT', 'LINES_CHANGED'] as const;

export const OrderException = defineEntity({
  name: 'OrderException',
  tableName: 'order_exception',
  properties: {
    id: p.string().primary().$type<Id<'exc'>>(),
    tenantId: p.string(),
    orderId: p.string().$type<Id<'ord'>>(),
    connectionId: p.string(),
    code: p.enum(EXCEPTION_CODES),
    /** The channel's SKU names or SKU ids that it is about. */
    subjects: p.json<string[]>(),
    state: p.enum(['OPEN', 'RESOLVED'] as const),
    raisedAt: p.datetime(),
    resolvedAt: p.datetime().nullable(),
  },
});
export type OrderExceptionRow = InferEntity<typeof OrderException>;
