import type { EntityManager } from '@mikro-orm/postgresql';
import type { Database } from '@quanyu/database';
import { publishChanged } from '@quanyu/events';
import { newId } from '@quanyu/ids';
import { record } from '@quanyu/outbox';
import { channelQuantities, type AllocationSettings, type ChannelQuantity, type SkuStock } from '../../domain/channel-quantities.js';
import { PublishedQuantity } from '../../entities/published-quantity.entity.js';
import { publishingChannels, rulesOf, stockOfSkus } from '../../queries/allocation-settings.js';
import { tellDeficits } from '../watching/tell-deficits.js';
import { tellLowStock } from '../watching/tell-low-stock.js';

/** Figures in one transaction: some hundred milliseconds of work. */
const BATCH_FIGURES = 2_000;
const BATCH_SKUS = 500;

/** Works out what is due of a tenant, batch by batch, each in a transaction of its own, until nothing is left or `signal` says stop. */
export async function publishQuantities(database: Database, tenantId: string, signal?: AbortSignal): Promise<number> {
  let total = 0;
  while (signal?.aborted !== true) {
    const done = await database.write(tenantId, 'publish-quantities', (em) => publishBatch(em, tenantId));
    if (done > 0) {
      total += done;
      continue;
    }
    if (!(await database.write(tenantId, 'feed-publish-sweep', (em) => feedSweep(em, tenantId)))) break;
  }
  return total;
}

/** Takes due SKUs and tells their channels what has changed; answers how many SKUs it took. The number of statements does not depend on them. */
async function publishBatch(em: EntityManager, tenantId: string): Promise<number> {
  const channels = await publishingChannels(em, tenantId);
  const limit = Math.max(1, Math.min(BATCH_SKUS, Math.floor(BATCH_FIGURES / Math.max(1, channels.channelIds.length))));
  // Taken before the levels are read: a change after that leaves a mark of its own.
  const due = await em.execute<{ sku_id: string }[]>(
    `delete from publish_due d using (select sku_id from publish_due where tenant_id = ? order by sku_id limit ${limit} for update skip locked) taken
     where d.tenant_id = ? and d.sku_id = taken.sku_id returning d.sku_id`, [tenantId, tenantId]);
  if (due.length === 0) return 0;
  const skuIds = due.map((row) => row.sku_id);
  const stock = await stockOfSkus(em, tenantId, skuIds);
  const settings = { ...channels, ...(await rulesOf(em, tenantId, stock)) };
  await publishChanges(em, tenantId, stock, settings);
  await tellLowStock(em, tenantId, stock, settings.policies);
  await tellDeficits(em, tenantId, skuIds);
  return due.length;
}

async function publishChanges(em: EntityManager, tenantId: string, stock: readonly SkuStock[], settings: AllocationSettings): Promise<void> {
  const wanted = stock.flatMap((sku) => channelQuantities(sku, settings));
  if (wanted.length === 0) return;
  const known = await em.find(PublishedQuantity, { tenantId, skuId: { $in: stock.map(({ skuId }) => skuId) } }, { disableIdentityMap: true });
  const before = new Map(known.map((row) => [key(row), row]));
  const changed = wanted.filter((figure) => {
    const last = before.get(key(figure));
    return last === undefined || last.quantity !== figure.quantity || last.outcome === 'REPEAT';
  });
  if (changed.length === 0) return;
  const told = await em.execute<{ channelId: string; skuId: string; quantity: number; version: number }[]>(
    `insert into published_quantity as p (id, tenant_id, channel_id, sku_id, quantity)
     select id, ?, "channelId", "skuId", quantity from jsonb_to_recordset(?::jsonb) as r (id text, "channelId" text, "skuId" text, quantity int) order by "channelId", "skuId"
     on conflict (tenant_id, channel_id, sku_id) do update
       set quantity = excluded.quantity, version = p.version + 1, published_at = app_now(), outcome = 'PENDING', outcome_at = null, failure_code = null
     returning channel_id as "channelId", sku_id as "skuId", quantity, version`,
    [tenantId, JSON.stringify(changed.map((figure) => ({ id: newId('pub'), ...figure })))]);
  for (const { channelId, skuId, quantity, version } of told) {
    record(em, publishChanged({ tenantId, sequence: version, data: { connectionId: channelId, skuId, quantity, previous: before.get(key({ channelId, skuId }))?.quantity ?? null } }));
  }
}

const key = ({ channelId, skuId }: Pick<ChannelQuantity, 'channelId' | 'skuId'>): string => `${channelId}/${skuId}`;

/** Has the next page of a sweep become due; false when there is no sweep. */
async function feedSweep(em: EntityManager, tenantId: string): Promise<boolean> {
  const [sweep] = await em.execute<{ id: string; category: string | null; repeat_channel_id: string | null; after_sku_id: string }[]>(
    'select id, category, repeat_channel_id, after_sku_id from publish_sweep where tenant_id = ? order by id limit 1 for update skip locked', [tenantId]);
  if (sweep === undefined) return false;
  const page = await em.execute<{ sku_id: string }[]>(
    `select distinct l.sku_id from stock_level l where l.tenant_id = ? and l.sku_id > ?
       and (?::text is null or l.sku_id in (select k.sku_id from known_sku k where k.tenant_id = ? and k.category = ?))
     order by l.sku_id limit ${BATCH_SKUS}`, [tenantId, sweep.after_sku_id, sweep.category, tenantId, sweep.category]);
  const skuIds = JSON.stringify(page.map((row) => row.sku_id));
  if (sweep.repeat_channel_id !== null) {
    // What was told after the sweep was asked for is new enough.
    await em.execute(
      `update published_quantity set outcome = 'REPEAT' where tenant_id = ? and channel_id = ? and sku_id in (select jsonb_array_elements_text(?::jsonb))
         and published_at < (select created_at from publish_sweep where id = ?)`, [tenantId, sweep.repeat_channel_id, skuIds, sweep.id]);
  }
  await em.execute(
    `insert into publish_due (tenant_id, sku_id) select ?, sku_id from jsonb_array_elements_text(?::jsonb) as due (sku_id) order by sku_id
     on conflict (tenant_id, sku_id) do update set marked_at = excluded.marked_at`, [tenantId, skuIds]);
  if (page.length < BATCH_SKUS) await em.execute('delete from publish_sweep where id = ?', [sweep.id]);
  else await em.execute('update publish_sweep set after_sku_id = ? where id = ?', [page.at(-1)!.sku_id, sweep.id]);
  return true;
}
