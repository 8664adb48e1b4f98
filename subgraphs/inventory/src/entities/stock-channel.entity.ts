import { defineEntity, p, type InferEntity } from '@mikro-orm/core';

export const StockChannel = defineEntity({
  name: 'StockChannel',
  tableName: 'stock_channel',
  properties: {
    tenantId: p.string().primary(),
    channelId: p.string().primary(),
    publishing: p.boolean(),
    isMain: p.boolean(),
    version: p.integer(),
    updatedAt: p.datetime(),
  },
});
export type StockChannelRow = InferEntity<typeof StockChannel>;
