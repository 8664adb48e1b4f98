import { afterCommit } from '@quanyu/database';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { log } from '@quanyu/telemetry';

export const PUSH_COPIES = 'bridge.push-copies';

type Jobs = SubgraphDeps['jobs'];

/** Keeps that shops which are given our products are to be given this one as it is now. */
export async function planProductCopies(em: EntityManager, jobs: Jobs, tenantId: string, productIds: readonly string[], connectionId: string | null = null): Promise<void> {
  if (productIds.length === 0) return;
  const planned = await em.execute<{ id: string }[]>(
    `insert into shop_copy as s (connection_id, purpose, subject_id, tenant_id)
     select c.id, 'PRODUCT', p.id, c.tenant_id from channel_connection c cross join unnest(array[${productIds.map(() => '?').join(', ')}]::text[]) as p (id)
     where c.flows @> '["PUSH_PRODUCTS"]'::jsonb and (?::text is null or c.id = ?)
     on conflict (connection_id, purpose, subject_id) do update set version = s.version + 1, state = 'DUE', attempts = 0, next_at = app_now(), failure_code = null,
       due_at = case when s.state = 'DUE' then s.due_at else app_now() end
     returning connection_id as id`, [...productIds, connectionId, connectionId]);
  await openLanes(em, jobs, tenantId, planned);
}

/**
 * Keeps that shops which are given our orders are to be given these: those that came from ourselves. An order of a
 * channel is known there already, and never goes to another.
 */
export async function planOrderCopies(em: EntityManager, jobs: Jobs, tenantId: string, orders: readonly { readonly orderId: string; readonly connectionId: string }[]): Promise<void> {
  const planned = await em.execute<{ id: string }[]>(
    `insert into shop_copy (connection_id, purpose, subject_id, tenant_id)
     select c.id, 'ORDER', told."orderId", c.tenant_id from channel_connection c cross join jsonb_to_recordset(?::jsonb) told ("orderId" text, "connectionId" text)
     where c.flows @> '["PUSH_ORDERS"]'::jsonb and not exists (select from channel_connection o where o.id = told."connectionId")
     order by c.id, told."orderId" on conflict do nothing returning connection_id as id`, [JSON.stringify(orders)]);
  await openLanes(em, jobs, tenantId, planned);
}

/** An order that has ended here ends there, also where nobody knows yet whether it arrived. */
export async function endOrderCopies(em: EntityManager, jobs: Jobs, tenantId: string, orderId: string): Promise<void> {
  const planned = await em.execute<{ id: string }[]>(
    `update shop_copy set ended = true, version = version + 1, state = 'DUE', attempts = 0, next_at = app_now(), due_at = app_now(), failure_code = null
     where tenant_id = ? and purpose = 'ORDER' and subject_id = ? and not ended returning connection_id as id`, [tenantId, orderId]);
  await openLanes(em, jobs, tenantId, planned);
}

async function openLanes(em: EntityManager, jobs: Jobs, tenantId: string, planned: readonly { readonly id: string }[]): Promise<void> {
  for (const connectionId of new Set(planned.map(({ id }) => id))) {
    await em.execute('insert into copy_lane (connection_id, tenant_id) values (?, ?) on conflict do nothing', [connectionId, tenantId]);
    afterCommit(em, () => { void ask(jobs, { tenantId, connectionId }); });
  }
}

/** Never fails: the rows are the truth, and what is due is found from them. */
async function ask(jobs: Jobs, ref: { readonly tenantId: string; readonly connectionId: string }): Promise<void> {
  try {
    await jobs.enqueue(PUSH_COPIES, { ...ref }, { jobId: `copies-${ref.connectionId}` });
  } catch (error) {
    log.warn('copies wait until they are found due', { ...ref, jobName: PUSH_COPIES, error });
  }
}
