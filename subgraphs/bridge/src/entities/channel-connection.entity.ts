import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { Id } from '@quanyu/ids';
import type { ChannelFlow } from '../domain/channel-flows.js';
import type { Platform } from '../channels/channels.js';

/** A sealed signing secret; `expiresAt` is set once it has a successor. */
export interface StoredSecret { readonly sealed: string; readonly expiresAt: string | null }

export const ChannelConnection = defineEntity({
  name: 'ChannelConnection',
  tableName: 'channel_connection',
  properties: {
    id: p.string().primary().$type<Id<'con'>>(),
    tenantId: p.string(),
    platform: p.string().$type<Platform>(),
    name: p.string(),
    shopDomain: p.string().nullable(),
    status: p.enum(['ACTIVE', 'DISABLED'] as const),
    sealedSecrets: p.json<StoredSecret[]>(),
    settings: p.json<Record<string, string>>(),
    sealedAccount: p.string().nullable(),
    flows: p.json<ChannelFlow[]>(),
    leftAt: p.datetime().nullable(),
    cleanedAt: p.datetime().nullable(),
    locale: p.string().default('zh-CN'),
    currency: p.string().default('USD'),
    timeZone: p.string().default('Asia/Shanghai'),
    installedAt: p.datetime().nullable(),
    /** It was switched off with its tenant, and comes on again with it. */
    offWithTenant: p.boolean().default(false),
    createdAt: p.datetime(),
  },
});
export type ChannelConnectionRow = InferEntity<typeof ChannelConnection>;
