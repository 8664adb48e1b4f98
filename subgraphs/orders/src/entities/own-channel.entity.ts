import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { Id } from '@quanyu/ids';

export const OWN_CHANNEL_KINDS = ['WECHAT_MINI_PROGRAM', 'ALIPAY_MINI_PROGRAM', 'H5', 'BY_HAND'] as const;

export const OwnChannel = defineEntity({
  name: 'OwnChannel',
  tableName: 'own_channel',
  properties: {
    connectionId: p.string().primary().$type<Id<'con'>>(),
    tenantId: p.string(),
    kind: p.enum(OWN_CHANNEL_KINDS),
    name: p.string(),
    currency: p.string(),
    shippingMinor: p.bigint('number'),
    freeShippingFromMinor: p.bigint('number').nullable(),
    isOpen: p.boolean(),
  },
});
export type OwnChannelRow = InferEntity<typeof OwnChannel>;
