import { createHash, randomBytes } from 'node:crypto';
import { refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import { CHANNELS, slugOf, type Platform } from '../../channels/channels.js';
import type { Connector } from '../../channels/connector.js';
import type { ChannelEnvironment } from '../../environment.js';
import type { BridgeErrorCode } from '../../errors.js';

const MINUTES = 15;

export const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64url');
export const newSecret = (): string => randomBytes(32).toString('base64url');

/** Begins to let our app into a shop; answers where the person's browser is to go. Good once, for a quarter of an hour. */
export async function beginInstall(ctx: GraphContext, environment: ChannelEnvironment, { platform, shopDomain: text }: { readonly platform: Platform; readonly shopDomain: string }): Promise<{ readonly kind: 'begun'; readonly url: string } | Refusal<BridgeErrorCode>> {
  const connector: Connector | null = CHANNELS[platform].connector;
  const shopDomain = CHANNELS[platform].shopDomainOf(text);
  if (shopDomain === null) return refuse('SHOP_DOMAIN_INVALID', 'shopDomain');
  if (connector?.oauth === undefined || environment.publicUrl === null || environment.appOf(platform) === null) return refuse('INSTALL_NOT_POSSIBLE', 'platform');
  const state = newSecret();
  await ctx.write('begin-install', (em) => em.execute(
    'insert into oauth_state (state_hash, tenant_id, platform, shop_domain, expires_at) values (?, ?, ?, ?, app_now() + make_interval(mins => ?))',
    [hashOf(state), ctx.viewer.tenantId, platform, shopDomain, MINUTES]));
  return { kind: 'begun', url: `${environment.publicUrl}/oauth/${slugOf(platform)}/install?ticket=${state}` };
}
