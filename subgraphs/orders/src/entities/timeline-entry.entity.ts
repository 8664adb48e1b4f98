import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { Id } from '@quanyu/ids';
import type { Actor, Deed } from '../domain/actor.js';
import type { OrderStatus } from '../domain/order-state.js';

/** What a deed was about: ids, codes and figures, never personal data. */
export type TimelineDetail = Readonly<Record<string, string | number | boolean | readonly string[] | null>>;

export const TimelineEntry = defineEntity({
  name: 'TimelineEntry',
  tableName: 'timeline_entry',
  properties: {
    id: p.string().primary().$type<Id<'tml'>>(),
    tenantId: p.string(),
    orderId: p.string().$type<Id<'ord'>>(),
    at: p.datetime(),
    deed: p.string().$type<Deed>(),
    actorKind: p.string().$type<Actor['kind']>(),
    actorId: p.string(),
    /** Of the order, after it. */
    status: p.string().$type<OrderStatus>(),
    detail: p.json<TimelineDetail>(),
  },
});
export type TimelineEntryRow = InferEntity<typeof TimelineEntry>;
