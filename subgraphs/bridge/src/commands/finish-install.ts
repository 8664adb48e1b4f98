import { channelConnected } from '@quanyu/events';
import { newId, type Id } from '@quanyu/ids';
import { record } from '@quanyu/outbox';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { CHANNELS, type Platform } from '../channels/channels.js';
import type { Connector } from '../channels/connector.js';
import type { Granted, OAuthApp } from '../channels/oauth.js';
import { rotate } from '../domain/live-secrets.js';
import { renewFrom } from '../domain/token-plan.js';
import type { Shops } from '../outbound/shops.js';
import { accountSeal, secretSeal } from '../seal-contexts.js';
import { resolveAlertsOf } from './alerts.js';
import { hashOf } from './begin-install.js';
import { beginStreams } from './begin-streams.js';

type Deps = Pick<SubgraphDeps, 'database' | 'vault'>;

interface Begun { readonly tenantId: string; readonly shopDomain: string }

/** Binds a ticket to the browser that took it; null where it is unknown, over, or has been taken by another. */
export async function takeTicket({ database }: Pick<Deps, 'database'>, platform: Platform, ticket: string, browser: string): Promise<Begun | null> {
  const { rows: [row] } = await database.system.query<Begun>(
    `update oauth_state set browser_hash = $3 where state_hash = $1 and platform = $2 and used_at is null and expires_at > app_now() and browser_hash is null
     returning tenant_id as "tenantId", shop_domain as "shopDomain"`, [hashOf(ticket), platform, hashOf(browser)]);
  return row ?? null;
}

/** Spends the state of an authorisation: once, in time, in the browser that began it, for the shop that it was begun for. */
export async function spendState({ database }: Pick<Deps, 'database'>, platform: Platform, { state, browser, shopDomain }: { readonly state: string; readonly browser: string; readonly shopDomain: string }): Promise<Begun | null> {
  const { rows: [row] } = await database.system.query<Begun>(
    `update oauth_state set used_at = app_now() where state_hash = $1 and platform = $2 and browser_hash = $3 and shop_domain = $4 and used_at is null and expires_at > app_now()
     returning tenant_id as "tenantId", shop_domain as "shopDomain"`, [hashOf(state), platform, hashOf(browser), shopDomain]);
  return row ?? null;
}

/** Makes a code into tokens, and a channel of the shop or a new key of one that is there: all in one transaction. */
export async function finishInstall(deps: Deps, shops: Shops, platform: Platform, { tenantId, shopDomain }: Begun, app: OAuthApp, code: string): Promise<{ readonly channelId: string; readonly granted: Granted }> {
  const connector: Connector = CHANNELS[platform].connector!;
  const granted = await connector.oauth!.exchange({ line: shops.lineOf(`oauth ${shopDomain}`, connector), now: () => new Date() }, app, shopDomain, code);
  const channelId = await deps.database.write(tenantId, 'finish-install', async (em) => {
    const [known] = await em.execute<{ id: Id<'con'> }[]>('select id from channel_connection where platform = ? and shop_domain = ? for update', [platform, shopDomain]);
    const id = known?.id ?? newId('con');
    if (known === undefined) {
      // The platform signs its webhooks with the app's own secret.
      const secrets = rotate([], deps.vault.seal(app.clientSecret, secretSeal(tenantId, id)), new Date());
      await em.execute('insert into channel_connection (id, tenant_id, platform, name, shop_domain, sealed_secrets) values (?, ?, ?, ?, ?, ?::jsonb)', [id, tenantId, platform, granted.shopName.slice(0, 100), shopDomain, JSON.stringify(secrets)]);
      record(em, channelConnected({ tenantId, sequence: 1, data: { connectionId: id, platform, name: granted.shopName.slice(0, 100) } }));
    }
    const standards = Object.fromEntries(connector.fields.filter(({ secret, standard }) => !secret && standard !== undefined).map(({ name, standard }) => [name, standard ?? '']));
    await em.execute(
      `update channel_connection set status = 'ACTIVE', settings = ?::jsonb || settings || ?::jsonb, sealed_account = ?, token_expires_at = ?, token_renew_at = ?, token_failures = 0 where id = ?`,
      [JSON.stringify(standards), JSON.stringify(granted.settings), deps.vault.seal(JSON.stringify(granted.secrets), accountSeal(tenantId, id)), granted.expiresAt, granted.expiresAt && renewFrom(new Date(), granted.expiresAt), id]);
    await beginStreams(em, tenantId, id, connector, { ...standards, ...granted.settings });
    for (const alert of ['CHANNEL_KEY_REFUSED', 'CHANNEL_UNINSTALLED', 'CHANNEL_TOKEN_ENDING'] as const) await resolveAlertsOf(em, tenantId, { code: alert, subjectId: id });
    return id;
  });
  return { channelId, granted };
}
