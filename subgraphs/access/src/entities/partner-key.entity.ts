import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { Id } from '@quanyu/ids';

export const PartnerKey = defineEntity({
  name: 'PartnerKey',
  tableName: 'partner_key',
  properties: {
    id: p.string().primary().$type<Id<'key'>>(),
    tenantId: p.string(),
    name: p.string(),
    prefix: p.string(),
    hash: p.string(),
    scopes: p.array().$type<string[]>(),
    allChannels: p.boolean(),
    channelIds: p.array().$type<string[]>(),
    createdAt: p.datetime().defaultRaw('app_now()'),
    revokedAt: p.datetime().nullable(),
  },
});
export type PartnerKeyRow = InferEntity<typeof PartnerKey>;
