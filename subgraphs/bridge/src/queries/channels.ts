import type { FilterQuery } from '@mikro-orm/core';
import { defineLoader, keysetPage, type GraphContext, type Page, type PageRequest } from '@quanyu/subgraph';
import { ChannelConnection, type ChannelConnectionRow } from '../entities/channel-connection.entity.js';

const READ_ONLY = { disableIdentityMap: true } as const;

/** Channels of the tenant that the viewer may see. */
const visible = (ctx: GraphContext): FilterQuery<ChannelConnectionRow> => ({
  tenantId: ctx.viewer.tenantId,
  ...(ctx.viewer.channels !== 'all' && { id: { $in: [...ctx.viewer.channels] as never } }),
});

/** A page of channels, newest first. */
export const channelPage = (ctx: GraphContext, page: PageRequest): Promise<Page<ChannelConnectionRow>> => {
  const where = (bounds: object): FilterQuery<ChannelConnectionRow> => ({ $and: [visible(ctx), bounds] } as FilterQuery<ChannelConnectionRow>);
  return keysetPage<ChannelConnectionRow>(
    page,
    (bounds, orderBy, limit) => ctx.read((em) => em.find(ChannelConnection, where(bounds), { ...READ_ONLY, orderBy, limit })),
    () => ctx.read((em) => em.count(ChannelConnection, where({}))));
};

export const channelById = defineLoader<string, ChannelConnectionRow>(async (ctx, ids) => {
  const channels = await ctx.read((em) => em.find(ChannelConnection, { $and: [visible(ctx), { id: { $in: [...ids] as never } }] } as FilterQuery<ChannelConnectionRow>, READ_ONLY));
  return new Map(channels.map((channel) => [channel.id, channel]));
});

/** A channel whether or not it has been granted: for whoever has just connected it. */
export const channelOfTenant = (ctx: GraphContext, id: string): Promise<ChannelConnectionRow | null> =>
  ctx.read((em) => em.findOne(ChannelConnection, { tenantId: ctx.viewer.tenantId, id: id as ChannelConnectionRow['id'] }, READ_ONLY));

/** When something of channels was last read to the end. */
export const lastSyncAt = defineLoader<string, Date>(async (ctx, ids) => {
  const rows = await ctx.read((em) => em.execute<{ connection_id: string; at: string }[]>(
    `select connection_id, max(last_success_at) as at from sync_stream where connection_id in (${ids.map(() => '?').join(', ')}) and last_success_at is not null group by connection_id`, [...ids]));
  return new Map(rows.map((row) => [row.connection_id, new Date(row.at)]));
});

/** Webhooks that were refused in the last 24 hours. */
export const refusedLastDay = defineLoader<string, number>(async (ctx, ids) => {
  const rows = await ctx.read((em) => em.execute<{ connection_id: string; refused: number }[]>(
    `select connection_id, sum(count)::int as refused from delivery_refusal
     where connection_id = any(array[${ids.map(() => '?').join(', ')}]::text[]) and minute > app_now() - interval '24 hours' group by connection_id`, [...ids]));
  return new Map(rows.map((row) => [row.connection_id, row.refused]));
});
