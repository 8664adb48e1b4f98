import { ensureTenant } from '@quanyu/calls';
import { killPoint } from '@quanyu/database';
import { channelConnected, channelSwitched } from '@quanyu/events';
import { newId, type Id } from '@quanyu/ids';
import { record } from '@quanyu/outbox';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { CHANNELS, type Platform } from '../../channels/channels.js';
import type { Connector } from '../../channels/connector.js';
import type { Granted, OAuthApp } from '../../channels/port/oauth.js';
import { rotate } from '../../domain/live-secrets.js';
import { localeOf } from '../../domain/shop-settings.js';
import { renewFrom } from '../../domain/token-plan.js';
import type { Shops } from '../../outbound/shops.js';
import { accountSeal, secretSeal } from '../../seal-contexts.js';
import { resolveAlertsOf } from '../messages/alerts.js';
import { hashOf, newSecret } from './begin-install.js';
import { beginStreams } from '../sync/begin-streams.js';

type Deps = Pick<SubgraphDeps, 'database' | 'vault' | 'calls'>;

interface Begun { /** Null where it began at the platform. */ readonly tenantId: string | null; readonly shopDomain: string }

/** Begins an installation that comes from the platform, in nobody's name; answers its state. */
export async function beginAtPlatform({ database }: Pick<Deps, 'database'>, platform: Platform, shopDomain: string, browser: string): Promise<string> {
  const state = newSecret();
  await database.system.query(
    `with over as (delete from oauth_state where tenant_id is null and expires_at < app_now() - interval '1 day')
     insert into oauth_state (state_hash, platform, shop_domain, browser_hash, expires_at) values ($1, $2, $3, $4, app_now() + interval '15 minutes')`, [hashOf(state), platform, shopDomain, hashOf(browser)]);
  return state;
}

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

/**
 * Makes a code into tokens, and a channel of the shop or a new key of one that is there, with its first reading: all in one
 * transaction. Where nobody here has asked for it, its merchant comes first, by a call that makes no second one: whatever is
 * killed in between, the next installation of the shop goes on with the same merchant. Null where that one is deleted.
 */
export async function finishInstall(deps: Deps, shops: Shops, platform: Platform, { tenantId: askedBy, shopDomain }: Begun, app: OAuthApp, code: string): Promise<{ readonly channelId: string; readonly granted: Granted } | null> {
  const connector: Connector = CHANNELS[platform].connector!;
  const granted = await connector.oauth!.exchange({ line: shops.lineOf(`oauth ${shopDomain}`, connector), now: () => new Date() }, app, shopDomain, code);
  const tenantId = askedBy ?? (await merchantOf(deps, platform, shopDomain, granted.shopName));
  killPoint('bridge.finish-install:merchant-known');
  const locale = localeOf(granted.locale ?? '');
  const channelId = await deps.database.write(tenantId, 'finish-install', async (em) => {
    if ((await em.execute<unknown[]>('select from tenant_standing where deleted', [])).length > 0) return null;
    const [known] = await em.execute<{ id: Id<'con'>; status: string }[]>('select id, status from channel_connection where platform = ? and shop_domain = ? for update', [platform, shopDomain]);
    const id = known?.id ?? newId('con');
    if (known === undefined) {
      // The platform signs its webhooks with the app's own secret.
      const secrets = rotate([], deps.vault.seal(app.clientSecret, secretSeal(tenantId, id)), new Date());
      await em.execute('insert into channel_connection (id, tenant_id, platform, name, shop_domain, sealed_secrets) values (?, ?, ?, ?, ?, ?::jsonb)', [id, tenantId, platform, granted.shopName.slice(0, 100), shopDomain, JSON.stringify(secrets)]);
      record(em, channelConnected({ tenantId, sequence: 1, data: { connectionId: id, platform, name: granted.shopName.slice(0, 100) } }));
    }
    if (known?.status === 'DISABLED') record(em, channelSwitched({ tenantId, sequence: Date.now(), data: { connectionId: id, status: 'ACTIVE' } }));
    const standards = Object.fromEntries(connector.fields.filter(({ secret, standard }) => !secret && standard !== undefined).map(({ name, standard }) => [name, standard ?? '']));
    await em.execute(
      `update channel_connection set status = 'ACTIVE', settings = ?::jsonb || settings || ?::jsonb, sealed_account = ?, token_expires_at = ?, token_renew_at = ?, token_failures = 0,
         installed_at = coalesce(installed_at, app_now()), locale = coalesce(?, locale) where id = ?`,
      [JSON.stringify(standards), JSON.stringify(granted.settings), deps.vault.seal(JSON.stringify(granted.secrets), accountSeal(tenantId, id)), granted.expiresAt, granted.expiresAt && renewFrom(new Date(), granted.expiresAt), locale, id]);
    await beginStreams(em, tenantId, id, connector, { ...standards, ...granted.settings });
    for (const alert of ['CHANNEL_KEY_REFUSED', 'CHANNEL_UNINSTALLED', 'CHANNEL_TOKEN_ENDING'] as const) await resolveAlertsOf(em, tenantId, { code: alert, subjectId: id });
    return id;
  });
  return channelId === null ? null : { channelId, granted };
}

/**
 * Whose shop it is. Who was let in by its owner before keeps it; a channel that somebody only says is of this shop is no
 * proof, and never gets its keys.
 */
async function merchantOf({ database, calls }: Deps, platform: Platform, shopDomain: string, shopName: string): Promise<string> {
  const { rows: [known] } = await database.system.query<{ tenantId: string }>(
    `select tenant_id as "tenantId" from channel_connection where platform = $1 and shop_domain = $2 and left_at is null and (installed_at is not null or token_expires_at is not null) order by installed_at desc nulls last, id desc limit 1`, [platform, shopDomain]);
  return known?.tenantId ?? (await calls.invoke(ensureTenant, { platform, shop: shopDomain, name: shopName.trim().slice(0, 200) || shopDomain })).tenantId;
}
