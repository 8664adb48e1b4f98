import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { Id } from '@quanyu/ids';

export const OrderEarning = defineEntity({
  name: 'OrderEarning',
  tableName: 'order_earning',
  properties: {
    tenantId: p.string().primary(),
    orderId: p.string().primary(),
    connectionId: p.string(),
    /** Null for a buyer whom the channel does not name. */
    memberId: p.string().$type<Id<'mem'>>().nullable(),
    /** BOUND: not judged yet. EARNED: judged, points may be 0. CANCELLED: final. */
    state: p.enum(['BOUND', 'EARNED', 'CANCELLED'] as const),
    lotId: p.string().$type<Id<'lot'>>().nullable(),
    points: p.bigint('number'),
    currency: p.string().nullable(),
  },
});
export type OrderEarningRow = InferEntity<typeof OrderEarning>;
