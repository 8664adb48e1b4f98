import { afterCommit } from '@quanyu/database';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { log } from '@quanyu/telemetry';

export const PUSH_STOCK = 'bridge.push-stock';

/** Keeps the figure that a channel is to show; an older one than known changes nothing. */
export async function planStockPush(em: EntityManager, jobs: SubgraphDeps['jobs'], tenantId: string, { connectionId, skuId, quantity, sequence }: { readonly connectionId: string; readonly skuId: string; readonly quantity: number; readonly sequence: number }): Promise<void> {
  const known = await em.execute<unknown[]>('select 1 from channel_connection where id = ?', [connectionId]);
  if (known.length === 0) return;
  await em.execute(
    `insert into stock_push as p (connection_id, sku_id, tenant_id, quantity, sequence) values (?, ?, ?, ?, ?)
     on conflict (connection_id, sku_id) do update set quantity = excluded.quantity, sequence = excluded.sequence, state = 'DUE', attempts = 0, next_at = app_now(), failure_code = null, planned_at = app_now()
       where p.sequence < excluded.sequence`, [connectionId, skuId, tenantId, quantity, sequence]);
  await em.execute('insert into stock_lane (connection_id, tenant_id) values (?, ?) on conflict do nothing', [connectionId, tenantId]);
  afterCommit(em, () => { void ask(jobs, { tenantId, connectionId }); });
}

/** Never fails: the rows are the truth, and what is due is found from them. */
async function ask(jobs: SubgraphDeps['jobs'], ref: { readonly tenantId: string; readonly connectionId: string }): Promise<void> {
  try {
    await jobs.enqueue(PUSH_STOCK, { ...ref }, { jobId: `stock-${ref.connectionId}` });
  } catch (error) {
    log.warn('stock waits until it is found due', { ...ref, jobName: PUSH_STOCK, error });
  }
}
