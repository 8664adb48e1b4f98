import { setTimeout as sleep } from 'node:timers/promises';
import { newId } from '@quanyu/ids';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { log } from '@quanyu/telemetry';
import { CHANNELS } from '../../channels/channels.js';
import type { Account, Renewed } from '../../channels/connector.js';
import { ALERT_AFTER, waitAfter } from '../../domain/sync-plan.js';
import { renewFrom } from '../../domain/token-plan.js';
import { PlatformError } from '../../outbound/platform-error.js';
import type { Shops } from '../../outbound/shops.js';
import { channelAccount } from '../../queries/channel-account.js';
import type { StreamRef } from '../../queries/due-streams.js';
import { accountSeal } from '../../seal-contexts.js';
import { raiseAlert, resolveAlertsOf } from '../messages/alerts.js';

type Deps = Pick<SubgraphDeps, 'database' | 'vault'>;

const LEASE_SECONDS = 60;
const LOOK_AGAIN_MS = 200;

/**
 * Renews a channel's token, one at a time over all processes: what it renews with is good once on some platforms. Whoever
 * comes meanwhile waits and takes the token that the first one got. Gives the account as it is then; null where there is
 * nothing to renew with.
 * @param spent the token that was refused or is about to end: where another stands there by now, it is taken
 */
export async function renewToken(deps: Deps, shops: Shops, ref: StreamRef, spent: string): Promise<Account | null> {
  for (let waited = 0; waited < LEASE_SECONDS * 1000; waited += LOOK_AGAIN_MS) {
    const opened = await channelAccount(deps, ref.tenantId, ref.connectionId);
    const renew = opened === null ? undefined : CHANNELS[opened.platform].connector?.renew;
    if (opened === null || renew === undefined) return null;
    if (tokenOf(opened.account) !== spent) return opened.account;
    const lease = await takeLease(deps, ref);
    if (lease !== null) return renewUnder(deps, shops, ref, lease, spent);
    await sleep(LOOK_AGAIN_MS);
  }
  return null;
}

export const tokenOf = ({ secrets }: Account): string => secrets['accessToken'] ?? '';

async function renewUnder(deps: Deps, shops: Shops, ref: StreamRef, lease: string, spent: string): Promise<Account | null> {
  // Read anew under the lease: the one before us may have been done between our look and our turn.
  const opened = await channelAccount(deps, ref.tenantId, ref.connectionId);
  const context = opened === null ? null : shops.contextOf(ref.connectionId, opened);
  if (opened === null || context === null || tokenOf(opened.account) !== spent) {
    await release(deps, ref, lease);
    return opened?.account ?? null;
  }
  try {
    const renewed = await CHANNELS[opened.platform].connector!.renew!(context);
    const account = { ...opened.account, secrets: { ...opened.account.secrets, ...renewed.secrets } };
    await keep(deps, ref, lease, account, renewed);
    return account;
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    log.warn('token not renewed', { ...ref, step: 'renew-token', errorCode: error.code });
    await fail(deps, ref, lease, error);
    throw error;
  }
}

async function takeLease({ database }: Deps, { tenantId, connectionId }: StreamRef): Promise<string | null> {
  const lease = newId('run');
  const taken = await database.write(tenantId, 'take-token', (em) => em.execute<unknown[]>(
    `update channel_connection set token_lease = ?, token_leased_until = app_now() + make_interval(secs => ?)
     where id = ? and (token_leased_until is null or token_leased_until < app_now()) returning 1`, [lease, LEASE_SECONDS, connectionId]));
  return taken.length === 0 ? null : lease;
}

const release = ({ database }: Deps, { tenantId, connectionId }: StreamRef, lease: string): Promise<unknown> => database.write(tenantId, 'release-token', (em) =>
  em.execute('update channel_connection set token_lease = null, token_leased_until = null where id = ? and token_lease = ?', [connectionId, lease]));

/** Also when the lease is over by now: the old token is spent, and no other holds a newer one. */
function keep({ database, vault }: Deps, { tenantId, connectionId }: StreamRef, lease: string, account: Account, { expiresAt }: Renewed): Promise<void> {
  const sealed = vault.seal(JSON.stringify(account.secrets), accountSeal(tenantId, connectionId));
  return database.write(tenantId, 'keep-token', async (em) => {
    await em.execute(
      `update channel_connection set sealed_account = ?, token_expires_at = ?, token_renew_at = ?, token_failures = 0,
         token_lease = case when token_lease = ? then null else token_lease end, token_leased_until = case when token_lease = ? then null else token_leased_until end where id = ?`,
      [sealed, expiresAt, renewFrom(new Date(), expiresAt), lease, lease, connectionId]);
    await resolveAlertsOf(em, tenantId, { code: 'CHANNEL_KEY_REFUSED', subjectId: connectionId });
    await resolveAlertsOf(em, tenantId, { code: 'CHANNEL_TOKEN_ENDING', subjectId: connectionId });
  });
}

function fail({ database }: Deps, { tenantId, connectionId }: StreamRef, lease: string, error: PlatformError): Promise<void> {
  return database.write(tenantId, 'fail-token', async (em) => {
    const [row] = await em.execute<{ failures: number }[]>(
      `update channel_connection set token_failures = token_failures + 1, token_lease = null, token_leased_until = null where id = ? and token_lease = ? returning token_failures as failures`, [connectionId, lease]);
    if (row === undefined) return;
    await em.execute('update channel_connection set token_renew_at = app_now() + make_interval(secs => ?) where id = ? and token_renew_at is not null', [waitAfter(row.failures, error.retryAfterMs), connectionId]);
    const alert = { tenantId, subjectKind: 'CHANNEL', subjectId: connectionId, connectionId } as const;
    if (!error.passing) await raiseAlert(em, { ...alert, code: 'CHANNEL_KEY_REFUSED', params: {} });
    else if (row.failures >= ALERT_AFTER) await raiseAlert(em, { ...alert, code: 'CHANNEL_TOKEN_ENDING', params: { reason: error.code } });
  });
}

/** Renews the token of a channel whose time has come. The next try is planned in the row, so a refusal is no fault of the job. */
export async function renewDueToken(deps: Deps, shops: Shops, ref: StreamRef): Promise<void> {
  const opened = await channelAccount(deps, ref.tenantId, ref.connectionId);
  if (opened === null || opened.token.renewAt === null || opened.token.renewAt > new Date()) return;
  await renewToken(deps, shops, ref, tokenOf(opened.account)).catch((error: unknown) => { if (!(error instanceof PlatformError)) throw error; });
}
