import { refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import type { InventoryErrorCode } from '../../errors.js';
import { sweepPublishDue } from './mark-publish-due.js';

export interface SetStockChannel { readonly channelId: string; readonly publishing: boolean; readonly isMain: boolean; readonly expectedVersion: number | null }
export type ChannelSet = { readonly kind: 'set'; readonly channelId: string };

/** Says whether stock is published to a channel, and whether it is the one that gets the last units. Switched on, it is told everything. */
export function setStockChannel(ctx: GraphContext, { channelId, publishing, isMain, expectedVersion }: SetStockChannel): Promise<ChannelSet | Refusal<InventoryErrorCode>> {
  const { viewer: { tenantId }, viewer, deps } = ctx;
  return ctx.write('set-stock-channel', async (em) => {
    if (!viewer.seesChannel(channelId)) return refuse('CHANNEL_NOT_FOUND', 'channelId');
    // The unique index alone would answer with an error in place of a refusal.
    await em.execute("select pg_advisory_xact_lock(hashtext('inventory.stock-channel'), hashtext(?))", [tenantId]);
    const [other] = await em.execute<unknown[]>('select 1 from stock_channel where tenant_id = ? and is_main and channel_id <> ?', [tenantId, channelId]);
    if (isMain && other !== undefined) return refuse('MAIN_CHANNEL_TAKEN', 'isMain');
    const [before] = await em.execute<{ version: number; publishing: boolean; is_main: boolean }[]>('select version, publishing, is_main from stock_channel where tenant_id = ? and channel_id = ?', [tenantId, channelId]);
    if (expectedVersion !== null && expectedVersion !== (before?.version ?? 0)) return refuse('VERSION_CONFLICT', 'expectedVersion');
    await em.execute(
      `insert into stock_channel as c (tenant_id, channel_id, publishing, is_main) values (?, ?, ?, ?)
       on conflict (tenant_id, channel_id) do update set publishing = excluded.publishing, is_main = excluded.is_main, version = c.version + 1, updated_at = app_now()`,
      [tenantId, channelId, publishing, isMain]);
    if (publishing && before?.publishing !== true) await sweepPublishDue(em, tenantId, { repeatChannelId: channelId }, deps.jobs);
    // Which one is the main channel is news to all of them.
    else if ((before?.is_main ?? false) !== isMain) await sweepPublishDue(em, tenantId, {}, deps.jobs);
    return { kind: 'set', channelId };
  });
}

/** Tells a channel all its figures again, equal or not. */
export function reconcileStockChannel(ctx: GraphContext, channelId: string): Promise<ChannelSet | Refusal<InventoryErrorCode>> {
  const { viewer: { tenantId }, viewer, deps } = ctx;
  return ctx.write('reconcile-stock-channel', async (em) => {
    if (!viewer.seesChannel(channelId)) return refuse('CHANNEL_NOT_FOUND', 'channelId');
    const [channel] = await em.execute<unknown[]>("update stock_channel set reconcile_after = app_now() + interval '10 minutes' where tenant_id = ? and channel_id = ? and publishing returning 1", [tenantId, channelId]);
    if (channel === undefined) return refuse('CHANNEL_NOT_PUBLISHING', 'channelId');
    await sweepPublishDue(em, tenantId, { repeatChannelId: channelId }, deps.jobs);
    return { kind: 'set', channelId };
  });
}
