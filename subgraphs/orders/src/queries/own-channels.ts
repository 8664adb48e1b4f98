import { defineLoader, type GraphContext } from '@quanyu/subgraph';
import { OwnChannel, type OwnChannelRow } from '../entities/own-channel.entity.js';

const READ_ONLY = { disableIdentityMap: true } as const;

/** Where we sell ourselves, as far as the viewer may see; few by nature. */
export const ownChannels = (ctx: GraphContext): Promise<OwnChannelRow[]> => ctx.read((em) => em.find(
  OwnChannel, { tenantId: ctx.viewer.tenantId, ...(ctx.viewer.channels !== 'all' && { connectionId: { $in: [...ctx.viewer.channels] as never } }) }, { ...READ_ONLY, orderBy: { connectionId: 'asc' }, limit: 250 }));

export const ownChannelById = defineLoader<string, OwnChannelRow>(async (ctx, ids) => {
  const rows = await ctx.read((em) => em.find(OwnChannel, { tenantId: ctx.viewer.tenantId, connectionId: { $in: ids as never } }, READ_ONLY));
  return new Map(rows.map((row) => [row.connectionId, row]));
});
