import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Fact } from '../domain/facts.js';
import type { Line } from '../domain/line.js';
import { OrderPostingState, type OrderPostingStateRow } from '../entities/journal-entry.entity.js';
import { postEntry } from './post-entry.js';
import { postReversal } from './post-reversal.js';

/** Something about an order that is booked once. */
export interface OrderFact { readonly tenantId: string; readonly orderId: string; readonly fact: Fact; readonly sourceEventId: string }
export interface BookedFact extends OrderFact { readonly connectionId: string; readonly currency: string; readonly lines: readonly Line[] }

/** Books a fact, once; when its reversal came first, that follows at once, so that the ledger tells both in any order. */
export async function postFact(em: EntityManager, { fact, lines, ...entry }: BookedFact): Promise<void> {
  const state = await lockState(em, { ...entry, fact });
  if (state.posted) return;
  state.posted = true;
  if (lines.length === 0) return;
  state.entryId = await postEntry(em, { ...entry, kind: fact, lines });
  if (state.reversalEventId) await postReversal(em, { tenantId: entry.tenantId, entryId: state.entryId, sourceEventId: state.reversalEventId });
}

/** Books the reversal of a fact, once; one that is not posted yet is marked, and reversed when it comes. */
export async function reverseFact(em: EntityManager, fact: OrderFact): Promise<void> {
  const state = await lockState(em, fact);
  if (state.reversalEventId) return;
  state.reversalEventId = fact.sourceEventId;
  if (state.entryId) await postReversal(em, { tenantId: fact.tenantId, entryId: state.entryId, sourceEventId: fact.sourceEventId });
}

async function lockState(em: EntityManager, { tenantId, orderId, fact }: Omit<OrderFact, 'sourceEventId'>): Promise<OrderPostingStateRow> {
  await em.execute('insert into order_posting_state (tenant_id, order_id, fact) values (?, ?, ?) on conflict do nothing', [tenantId, orderId, fact]);
  return em.findOneOrFail(OrderPostingState, { tenantId, orderId, fact }, { lockMode: LockMode.PESSIMISTIC_WRITE });
}
