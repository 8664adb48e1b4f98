import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { Id } from '@quanyu/ids';
import type { OwnChannelKind } from '../domain/own-channel.js';

export const OwnChannel = defineEntity({
  name: 'OwnChannel',
  tableName: 'own_channel',
  properties: {
    connectionId: p.string().primary().$type<Id<'con'>>(),
    tenantId: p.string(),
    kind: p.string().$type<OwnChannelKind>(),
    name: p.string(),
    currency: p.string(),
    shippingMinor: p.bigint('number'),
    freeShippingFromMinor: p.bigint('number').nullable(),
    isOpen: p.boolean(),
  },
});
export type OwnChannelRow = InferEntity<typeof OwnChannel>;
