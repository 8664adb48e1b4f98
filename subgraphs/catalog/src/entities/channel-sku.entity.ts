import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { Id } from '@quanyu/ids';

export const ChannelSku = defineEntity({
  name: 'ChannelSku',
  tableName: 'channel_sku',
  properties: {
    id: p.string().primary().$type<Id<'map'>>(),
    tenantId: p.string(),
    connectionId: p.string(),
    externalSku: p.string(),
    skuId: p.string().$type<Id<'sku'>>(),
    /** Grows with each new meaning of the name; also the sequence of its events. */
    version: p.integer(),
  },
});
export type ChannelSkuRow = InferEntity<typeof ChannelSku>;
