import { afterCommit } from '@quanyu/database';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { log } from '@quanyu/telemetry';
import { CHANNELS, type Platform } from '../../channels/channels.js';
import type { Connector } from '../../channels/connector.js';
import { takersOf, type Purpose } from '../../domain/takers.js';

export const PUSH_ORDER = 'bridge.push-order';

interface Row { id: string; platform: Platform; takes: string | null; works: boolean }

const purposeOf = (platform: Platform): Purpose | undefined => (CHANNELS[platform].connector as Connector | null)?.takesOrders;

/** Keeps that orders which are paid and held go to who ships them, and to who counts their goods. */
export async function planOutgoingOrders(em: EntityManager, jobs: SubgraphDeps['jobs'], tenantId: string, orders: readonly { readonly orderId: string; readonly connectionId: string }[]): Promise<void> {
  const rows = await em.execute<Row[]>(
    `select id, platform, settings->>'takes' as takes, status = 'ACTIVE' and sealed_account is not null as works from channel_connection
     where tenant_id = ? and (id in (select jsonb_array_elements_text(?::jsonb)) or (status = 'ACTIVE' and sealed_account is not null)) order by id`,
    [tenantId, JSON.stringify([...new Set(orders.map(({ connectionId }) => connectionId))])]);
  const platforms = new Map(rows.map(({ id, platform }) => [id, platform]));
  for (const { orderId, connectionId } of orders) {
    const systems = rows.flatMap((row) => {
      const purpose = purposeOf(row.platform);
      return purpose === undefined || !(row.works || row.id === connectionId) ? [] : [{ ...row, purpose, takes: row.takes ?? 'NONE' }];
    });
    for (const taker of takersOf({ connectionId, platform: platforms.get(connectionId) ?? 'OWN' }, systems)) {
      const planned = await em.execute<unknown[]>(
        'insert into outgoing_order (connection_id, order_id, tenant_id, purpose) values (?, ?, ?, ?) on conflict do nothing returning 1', [taker.id, orderId, tenantId, taker.purpose]);
      if (planned.length > 0) afterCommit(em, () => { void ask(jobs, { tenantId, connectionId: taker.id, orderId }); });
    }
  }
}

/** An order that nobody wants any more is not handed on; where it may be there already, it is taken back. */
export async function callBackOrder(em: EntityManager, tenantId: string, orderId: string): Promise<void> {
  await em.execute(
    `update outgoing_order set unwanted = true, next_at = app_now(), attempts = case when state = 'WRITTEN' then 0 else attempts end,
       state = case when state = 'DUE' and attempts = 0 then 'NOT_NEEDED' when state in ('DUE', 'WRITTEN') then 'RECALL' else state end
     where tenant_id = ? and order_id = ? and not unwanted`, [tenantId, orderId]);
}

/** Never fails: the row is the truth, and what is due is found from it. */
async function ask(jobs: SubgraphDeps['jobs'], ref: { readonly tenantId: string; readonly connectionId: string; readonly orderId: string }): Promise<void> {
  try {
    await jobs.enqueue(PUSH_ORDER, { ...ref }, { jobId: `${ref.connectionId}-${ref.orderId}` });
  } catch (error) {
    log.warn('order waits until it is found due', { ...ref, jobName: PUSH_ORDER, error });
  }
}
