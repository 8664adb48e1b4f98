import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Id } from '@quanyu/ids';
import type { Fact } from '../domain/facts.js';
import type { Line } from '../domain/line.js';
import { OrderPostingState } from '../entities/journal-entry.entity.js';
import { postEntries } from './post-entries.js';
import { postReversal } from './post-reversal.js';

/** Something about an order that is booked once. */
export interface OrderFact { readonly orderId: string; readonly fact: Fact; readonly sourceEventId: string }
export interface BookedFact extends OrderFact {
  readonly connectionId: string;
  readonly currency: string;
  readonly lines: readonly Line[];
  /** Runs what is told of it as the effect of its event. */
  because<T>(work: () => T): T;
}

interface State { readonly orderId: string; readonly fact: Fact; readonly posted: boolean; readonly reversalEventId: string | null }

/** Books facts, each once; where its reversal came first, that follows at once, so that the ledger tells both in any order. */
export async function postFacts(em: EntityManager, tenantId: string, facts: readonly BookedFact[]): Promise<void> {
  const states = await lockStates(em, tenantId, facts);
  const open = facts.filter((fact) => !states.get(keyOf(fact))!.posted);
  if (open.length === 0) return;
  const entries = await postEntries(em, tenantId, open.filter(({ lines }) => lines.length > 0).map((fact) => ({ ...fact, kind: fact.fact, reversesEntryId: null })));
  const entryOf = (fact: BookedFact): Id<'jrn'> | null => entries.get(fact.sourceEventId) ?? null;
  await em.execute(
    `update order_posting_state s set posted = true, entry_id = p."entryId" from jsonb_to_recordset(?::jsonb) as p ("orderId" text, fact text, "entryId" text)
     where s.tenant_id = ? and s.order_id = p."orderId" and s.fact = p.fact`,
    [JSON.stringify(open.map((fact) => ({ orderId: fact.orderId, fact: fact.fact, entryId: entryOf(fact) }))), tenantId]);
  for (const fact of open) {
    const [entryId, { reversalEventId }] = [entryOf(fact), states.get(keyOf(fact))!];
    if (entryId !== null && reversalEventId !== null) await fact.because(() => postReversal(em, { tenantId, entryId, sourceEventId: reversalEventId }));
  }
}

/** Books the reversal of a fact, once; one that is not posted yet is marked, and reversed when it comes. */
export async function reverseFact(em: EntityManager, { tenantId, orderId, fact, sourceEventId }: OrderFact & { readonly tenantId: string }): Promise<void> {
  await em.execute('insert into order_posting_state (tenant_id, order_id, fact) values (?, ?, ?) on conflict do nothing', [tenantId, orderId, fact]);
  const state = await em.findOneOrFail(OrderPostingState, { tenantId, orderId, fact }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  if (state.reversalEventId) return;
  state.reversalEventId = sourceEventId;
  if (state.entryId) await postReversal(em, { tenantId, entryId: state.entryId, sourceEventId });
}

/** The states of facts, made where there was none, and locked in one order: two that book the same facts would deadlock otherwise. */
async function lockStates(em: EntityManager, tenantId: string, facts: readonly OrderFact[]): Promise<ReadonlyMap<string, State>> {
  const rows = await em.execute<State[]>(
    `insert into order_posting_state as s (tenant_id, order_id, fact)
     select ?, f."orderId", f.fact from jsonb_to_recordset(?::jsonb) as f ("orderId" text, fact text) order by f."orderId", f.fact
     on conflict (tenant_id, order_id, fact) do update set posted = s.posted
     returning order_id as "orderId", fact, posted, reversal_event_id as "reversalEventId"`,
    [tenantId, JSON.stringify(facts.map(({ orderId, fact }) => ({ orderId, fact })))]);
  return new Map(rows.map((row) => [keyOf(row), row]));
}

const keyOf = ({ orderId, fact }: { readonly orderId: string; readonly fact: Fact }): string => `${fact} ${orderId}`;
