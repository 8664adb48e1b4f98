import type { EntityManager } from '@mikro-orm/postgresql';
import { newId } from '@quanyu/ids';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { log } from '@quanyu/telemetry';
import type { EnsuredWebhooks } from '../../channels/connector.js';
import { ALERT_AFTER, waitAfter } from '../../domain/sync-plan.js';
import { PlatformError } from '../../outbound/platform-error.js';
import type { Shops } from '../../outbound/shops.js';
import type { StreamRef } from '../../queries/due-streams.js';
import { webhookConnection } from '../../queries/webhook-connection.js';
import { webhookPath } from '../../queries/webhook-path.js';
import { raiseAlert, resolveAlertsOf } from '../messages/alerts.js';
import { openShop } from './open-shop.js';

type Deps = Pick<SubgraphDeps, 'database' | 'vault'>;

const EVERY_HOUR = 3_600;
const STREAM = "connection_id = ? and stream = 'WEBHOOKS'";

/**
 * Looks whether a platform still pushes to us, and has it push again what it has forgotten: platforms end a subscription
 * that was not answered often enough, and say nothing.
 */
export async function checkWebhooks(deps: Deps, shops: Shops, publicUrl: string | null, ref: StreamRef): Promise<void> {
  const lease = newId('run');
  const taken = await deps.database.write(ref.tenantId, 'take-webhook-check', (em) => em.execute<unknown[]>(
    `update sync_stream set lease = ?, leased_until = app_now() + interval '2 minutes' where ${STREAM} and next_at <= app_now() and (leased_until is null or leased_until < app_now()) returning 1`, [lease, ref.connectionId]));
  if (taken.length === 0) return;
  try {
    await deps.database.write(ref.tenantId, 'end-webhook-check', await look(deps, shops, publicUrl, ref, lease));
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    log.warn('webhooks cannot be looked after', { ...ref, step: 'check-webhooks', errorCode: error.code });
    await deps.database.write(ref.tenantId, 'fail-webhook-check', (em) => fail(em, ref, lease, error));
  }
}

/** Asks the platform, and gives what is to be kept of its answer. */
async function look(deps: Deps, shops: Shops, publicUrl: string | null, ref: StreamRef, lease: string): Promise<(em: EntityManager) => Promise<void>> {
  const shop = await openShop(deps, shops, ref);
  const ensure = shop?.client.ensureWebhooks;
  // Nobody has said where the outside reaches us: what is registered stays as it is.
  if (shop === null || ensure === undefined || publicUrl === null) return (em) => end(em, ref, lease, null);
  const address = await addressOf(deps, publicUrl, ref, shop);
  const ensured = address === null ? null : await ensure(address);
  if (ensured !== null && ensured.registered.length > 0) log.info('webhooks registered', { ...ref, step: 'check-webhooks', count: ensured.registered.length });
  return (em) => end(em, ref, lease, ensured);
}

async function addressOf(deps: Deps, publicUrl: string, { connectionId }: StreamRef, { platform, connector }: NonNullable<Awaited<ReturnType<typeof openShop>>>): Promise<string | null> {
  const address = `${publicUrl}${webhookPath(platform, connectionId)}`;
  if (connector.secretInAddress !== true) return address;
  const [secret] = (await webhookConnection(deps, platform, connectionId))?.secrets ?? [];
  return secret === undefined ? null : `${address}?${new URLSearchParams({ key: secret }).toString()}`;
}

async function end(em: EntityManager, { tenantId, connectionId }: StreamRef, lease: string, ensured: EnsuredWebhooks | null): Promise<void> {
  const held = await em.execute<unknown[]>(
    `update sync_stream set lease = null, leased_until = null, failures = 0, last_error = null, next_at = app_now() + make_interval(secs => ?), last_success_at = case when ? then app_now() else last_success_at end
     where ${STREAM} and lease = ? returning 1`, [EVERY_HOUR, ensured !== null, connectionId, lease]);
  if (held.length === 0 || ensured === null) return;
  if (ensured.settings !== undefined) await em.execute('update channel_connection set settings = settings || ?::jsonb where id = ?', [JSON.stringify(ensured.settings), connectionId]);
  await em.execute('update channel_connection set webhook_topics = ?::jsonb, webhooks_registered = webhooks_registered + ? where id = ?', [JSON.stringify(ensured.topics), ensured.registered.length, connectionId]);
  if (ensured.refused.length === 0) await resolveAlertsOf(em, tenantId, { code: 'WEBHOOKS_REFUSED', subjectId: connectionId });
  else await raiseAlert(em, { tenantId, code: 'WEBHOOKS_REFUSED', subjectKind: 'CHANNEL', subjectId: connectionId, connectionId, params: { topics: ensured.refused.join(', ') } });
}

async function fail(em: EntityManager, { tenantId, connectionId }: StreamRef, lease: string, error: PlatformError): Promise<void> {
  const [row] = await em.execute<{ failures: number }[]>(`update sync_stream set lease = null, leased_until = null, failures = failures + 1, last_error = ? where ${STREAM} and lease = ? returning failures`, [error.code, connectionId, lease]);
  if (row === undefined) return;
  await em.execute(`update sync_stream set next_at = app_now() + make_interval(secs => ?) where ${STREAM}`, [waitAfter(row.failures, error.retryAfterMs), connectionId]);
  const alert = { tenantId, subjectKind: 'CHANNEL', subjectId: connectionId, connectionId } as const;
  if (error.code === 'CREDENTIALS_REFUSED') await raiseAlert(em, { ...alert, code: 'CHANNEL_KEY_REFUSED', params: {} });
  else if (row.failures >= ALERT_AFTER) await raiseAlert(em, { ...alert, code: 'CHANNEL_READ_FAILING', params: { reason: error.code, times: row.failures } });
}
