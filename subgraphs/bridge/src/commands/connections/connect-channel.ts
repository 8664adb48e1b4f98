import { channelConnected } from '@quanyu/events';
import { newId } from '@quanyu/ids';
import { record } from '@quanyu/outbox';
import { once, refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import { CHANNELS, type Platform } from '../../channels/channels.js';
import { rotate } from '../../domain/live-secrets.js';
import type { BridgeErrorCode } from '../../errors.js';
import { secretSeal } from '../../seal-contexts.js';
import { isWebhookSecret, newWebhookSecret } from './webhook-secret.js';

export interface ConnectChannel {
  readonly platform: Platform;
  readonly name: string;
  readonly shopDomain: string | null;
  /** The platform's signing secret; made here when null. */
  readonly webhookSecret: string | null;
  readonly idempotencyKey: string;
}

export type Connected = { readonly kind: 'connected'; readonly channelId: string };

/** Connects a shop. The secret is answered by the call that made it and by no other: a replay finds only its seal. */
export async function connectChannel(ctx: GraphContext, input: ConnectChannel): Promise<(Connected & { readonly webhookSecret: string | null }) | Refusal<BridgeErrorCode>> {
  const { tenantId } = ctx.viewer;
  const secret = input.webhookSecret ?? newWebhookSecret();
  let madeHere = false;
  const result = await ctx.write('connect-channel', (em) => {
    madeHere = false;
    return once<Connected | Refusal<BridgeErrorCode>>(em, tenantId, { mutation: 'connectChannel', key: input.idempotencyKey, input }, async () => {
      const name = input.name.trim();
      if (name === '' || name.length > 100) return refuse('NAME_INVALID', 'name');
      const shopDomain = input.shopDomain === null ? null : CHANNELS[input.platform].shopDomainOf(input.shopDomain);
      if (input.shopDomain !== null && shopDomain === null) return refuse('SHOP_DOMAIN_INVALID', 'shopDomain');
      if (!isWebhookSecret(secret)) return refuse('WEBHOOK_SECRET_INVALID', 'webhookSecret');
      const id = newId('con');
      const secrets = rotate([], ctx.deps.vault.seal(secret, secretSeal(tenantId, id)), new Date());
      const rows = await em.execute<unknown[]>(
        `insert into channel_connection (id, tenant_id, platform, name, shop_domain, sealed_secrets) values (?, ?, ?, ?, ?, ?::jsonb)
         on conflict do nothing returning 1`,
        [id, tenantId, input.platform, name, shopDomain, JSON.stringify(secrets)]);
      if (rows.length === 0) return refuse('SHOP_ALREADY_CONNECTED', 'shopDomain');
      record(em, channelConnected({ tenantId, sequence: 1, data: { connectionId: id, platform: input.platform, name } }));
      madeHere = true;
      return { kind: 'connected', channelId: id };
    });
  });
  return result.kind === 'connected' ? { ...result, webhookSecret: madeHere ? secret : null } : result;
}
