import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { Id } from '@quanyu/ids';
import type { EntryKind, Fact } from '../domain/facts.js';

export const JournalEntry = defineEntity({
  name: 'JournalEntry',
  tableName: 'journal_entry',
  properties: {
    id: p.string().primary().$type<Id<'jrn'>>(),
    tenantId: p.string(),
    sourceEventId: p.string(),
    orderId: p.string(),
    connectionId: p.string(),
    kind: p.string().$type<EntryKind>(),
    currency: p.string(),
    reversesEntryId: p.string().$type<Id<'jrn'>>().nullable(),
    postedAt: p.datetime(),
  },
});
export type JournalEntryRow = InferEntity<typeof JournalEntry>;

export const OrderPostingState = defineEntity({
  name: 'OrderPostingState',
  tableName: 'order_posting_state',
  properties: {
    tenantId: p.string().primary(),
    orderId: p.string().primary(),
    fact: p.string().primary().$type<Fact>(),
    posted: p.boolean(),
    /** Null while nothing is posted, and for a fact that is worth nothing. */
    entryId: p.string().$type<Id<'jrn'>>().nullable(),
    reversalEventId: p.string().nullable(),
  },
});
export type OrderPostingStateRow = InferEntity<typeof OrderPostingState>;
