import { afterCommit, beforeCommit } from '@quanyu/database';
import type { EntityManager } from '@mikro-orm/postgresql';
import { newId } from '@quanyu/ids';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { log } from '@quanyu/telemetry';
import type { Scope } from '../../domain/stock-scope.js';

export const PUBLISH_QUANTITIES = 'inventory.publish-quantities';

/** Long enough for a hot SKU to change many times, short enough that nobody outside notices. */
const COALESCE_MS = 250;

const marked = new WeakMap<EntityManager, Set<string>>();

/** Has the figures of a SKU worked out anew soon. One statement for each transaction, whatever its events were. */
export function markPublishDue(em: EntityManager, tenantId: string, skuId: string, jobs: SubgraphDeps['jobs']): void {
  const others = marked.get(em);
  if (others !== undefined) {
    others.add(skuId);
    return;
  }
  const skuIds = new Set([skuId]);
  marked.set(em, skuIds);
  beforeCommit(em, async () => {
    // Sorted, or two transactions would wait for each other. Updated and not left alone: the row is then ours until we
    // commit, so nobody works the figure out with what we are about to change.
    await em.execute(
      `insert into publish_due (tenant_id, sku_id) select ?, sku_id from jsonb_array_elements_text(?::jsonb) as due (sku_id) order by sku_id
       on conflict (tenant_id, sku_id) do update set marked_at = excluded.marked_at`,
      [tenantId, JSON.stringify([...skuIds].sort())]);
  });
  afterCommit(em, () => { void askToPublish(jobs, tenantId); });
}

/** Has many SKUs become due, page by page: those of a category, or all; `repeatChannelId`: tell that channel everything again. */
export async function sweepPublishDue(em: EntityManager, tenantId: string, of: { readonly category?: string | null; readonly repeatChannelId?: string }, jobs: SubgraphDeps['jobs']): Promise<void> {
  await em.execute('insert into publish_sweep (id, tenant_id, category, repeat_channel_id) values (?, ?, ?, ?)', [newId('swp'), tenantId, of.category ?? null, of.repeatChannelId ?? null]);
  afterCommit(em, () => { void askToPublish(jobs, tenantId); });
}

/** Asks for the work. Never fails: the marks are the truth, and what is due is found from them. */
export async function askToPublish(jobs: SubgraphDeps['jobs'], tenantId: string): Promise<void> {
  try {
    await jobs.enqueue(PUBLISH_QUANTITIES, { tenantId }, { jobId: tenantId, delayMs: COALESCE_MS });
  } catch (error) {
    log.warn('publishing waits until it is found due', { tenantId, jobName: PUBLISH_QUANTITIES, error });
  }
}

/** Has all SKUs become due that a rule of this scope may concern. */
export async function markScopeDue(em: EntityManager, tenantId: string, scope: Scope, jobs: SubgraphDeps['jobs']): Promise<void> {
  if (scope.skuId !== null) markPublishDue(em, tenantId, scope.skuId, jobs);
  else await sweepPublishDue(em, tenantId, { category: scope.category }, jobs);
}
