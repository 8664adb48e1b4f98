import type { EntityManager } from '@mikro-orm/postgresql';
import type { Database } from '@quanyu/database';
import type { EventOf, stockPublished } from '@quanyu/events';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { sweepPublishDue } from './mark-publish-due.js';
import { raiseStockExceptions, resolveStockExceptions } from '../watching/stock-exceptions.js';

/** A telling that nobody has answered for this long was missed. */
const ANSWER_WITHIN = '15 minutes';
/** One that keeps failing is not told everything again more often than this. */
const RECONCILE_EVERY = '10 minutes';

/** Keeps what became of telling a channel. An answer to an earlier figure says nothing of the present one. */
export async function recordPublishOutcome(em: EntityManager, tenantId: string, { connectionId, skuId, publishSequence, outcome, failureCode }: EventOf<typeof stockPublished>['data']): Promise<void> {
  const [known] = await em.execute<{ id: string }[]>(
    `update published_quantity set outcome = ?, outcome_at = app_now(), failure_code = ?,
       failing_since = case when ? = 'FAILED' then coalesce(failing_since, app_now()) end
     where tenant_id = ? and channel_id = ? and sku_id = ? and version = ? and outcome in ('PENDING', 'FAILED') returning id`,
    [outcome, failureCode, outcome, tenantId, connectionId, skuId, publishSequence]);
  if (known === undefined) return;
  const trouble = { code: 'PUBLISH_FAILED' as const, skuId: null, locationId: null, channelId: connectionId };
  if (outcome === 'FAILED') {
    await raiseStockExceptions(em, tenantId, [{ ...trouble, figures: { skuId, failureCode: failureCode ?? 'UNKNOWN' } }]);
    return;
  }
  const [failing] = await em.execute<unknown[]>('select 1 from published_quantity where tenant_id = ? and channel_id = ? and failing_since is not null limit 1', [tenantId, connectionId]);
  if (failing === undefined) await resolveStockExceptions(em, tenantId, [trouble]);
}

/** Tells channels everything again of which a telling has failed or was never answered; answers how many channels. */
export async function reconcileFailingChannels({ database, jobs }: Pick<SubgraphDeps, 'database' | 'jobs'>): Promise<number> {
  const channels = await failingChannels(database);
  for (const { tenantId, channelId } of channels) {
    await database.write(tenantId, 'reconcile-channel', async (em) => {
      const mine = await em.execute<unknown[]>(
        `update stock_channel set reconcile_after = app_now() + interval '${RECONCILE_EVERY}' where tenant_id = ? and channel_id = ? and publishing and reconcile_after <= app_now() returning 1`, [tenantId, channelId]);
      if (mine.length > 0) await sweepPublishDue(em, tenantId, { repeatChannelId: channelId }, jobs);
    });
  }
  return channels.length;
}

async function failingChannels(database: Pick<Database, 'system'>): Promise<{ tenantId: string; channelId: string }[]> {
  const { rows } = await database.system.query<{ tenantId: string; channelId: string }>(
    `select tenant_id as "tenantId", channel_id as "channelId" from stock_channel c
     where publishing and reconcile_after <= app_now() and exists (
       select from published_quantity p where p.tenant_id = c.tenant_id and p.channel_id = c.channel_id
         and p.outcome in ('PENDING', 'FAILED') and (p.outcome = 'FAILED' or p.published_at < app_now() - interval '${ANSWER_WITHIN}'))`);
  return rows;
}
