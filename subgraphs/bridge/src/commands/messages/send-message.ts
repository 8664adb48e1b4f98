import type { EntityManager } from '@mikro-orm/postgresql';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { log } from '@quanyu/telemetry';
import { liveSecrets } from '../../domain/live-secrets.js';
import { GIVE_UP_AFTER_DAYS, MESSAGE_TRIES, type EndpointKind, type PartnerTopic } from '../../domain/partner-topics.js';
import { waitAfter } from '../../domain/sync-plan.js';
import { PlatformError } from '../../outbound/platform-error.js';
import type { Shops } from '../../outbound/shops.js';
import type { MessageRef } from '../../queries/due-messages.js';
import { endpointSeal } from '../../seal-contexts.js';
import { raiseAlert } from './alerts.js';
import { sendBy, type Ways } from './message-ways.js';
import { askDocument, disableDocument } from './partner-document.js';

type Deps = Pick<SubgraphDeps, 'database' | 'vault' | 'calls'>;
const AGAIN_SECONDS = 60;
const NO_WAYS: Ways = { mailer: null, sms: null };

/** Five a second: whoever listens is no marketplace. */
const RATE = { burst: 10, perSecond: 5 };

interface Claimed { endpoint_id: string; topic: PartnerTopic; body: string; attempts: number; kind: EndpointKind; sealed_url: string; sealed_secrets: { sealed: string; expiresAt: string | null }[]; name: string; document: string | null; key_id: string | null; subject_id: string | null; rendered: boolean }

/** Sends a message once. The try is counted before it is made; any 2xx is taken for heard. */
export async function sendMessage(deps: Deps, shops: Shops, { tenantId, messageId }: MessageRef, ways: Ways = NO_WAYS): Promise<void> {
  const [claimed] = await deps.database.write(tenantId, 'claim-message', (em) => em.execute<Claimed[]>(
    `update webhook_message m set attempts = m.attempts + 1, leased_until = app_now() + interval '1 minute' from webhook_endpoint e
     where m.id = ? and e.id = m.endpoint_id and e.status = 'ACTIVE' and m.state = 'DUE' and m.next_at <= app_now() and (m.leased_until is null or m.leased_until < app_now())
     returning m.endpoint_id, m.topic, m.body, m.attempts, e.kind, e.sealed_url, e.sealed_secrets, e.name, e.document, e.key_id, m.subject_id, m.rendered_at is not null as rendered`, [messageId]));
  if (claimed === undefined) return;
  const seal = endpointSeal(tenantId, claimed.endpoint_id);
  const body = await bodyOf(deps, { tenantId, messageId }, claimed);
  if (body === null) return;
  const secrets = liveSecrets(claimed.sealed_secrets, new Date()).map(({ sealed }) => deps.vault.open(sealed, seal));
  try {
    await sendBy(deps, ways, {
      tenantId, id: messageId, kind: claimed.kind, topic: claimed.topic, body, address: deps.vault.open(claimed.sealed_url, seal), secrets, line: shops.lineOf(claimed.endpoint_id, { rate: RATE }),
    });
    await deps.database.write(tenantId, 'settle-message', async (em) => {
      await em.execute("update webhook_message set state = 'SENT', failure_code = null, leased_until = null, done_at = app_now() where id = ?", [messageId]);
      await em.execute('update webhook_endpoint set failing_since = null, last_success_at = app_now() where id = ?', [claimed.endpoint_id]);
    });
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    log.warn('partner not reached', { tenantId, step: 'send-message', errorCode: error.code, attempt: claimed.attempts });
    await deps.database.write(tenantId, 'fail-message', (em) => fail(em, tenantId, messageId, claimed, error));
  }
}

/**
 * The body of a message: as it was planned, or what the partner's own document tells, asked for once and kept before it is
 * sent. Null where there is nothing to send now; the partner has no part in that.
 */
async function bodyOf(deps: Deps, { tenantId, messageId }: MessageRef, { endpoint_id: endpointId, topic, body, document, key_id: keyId, subject_id: subjectId, rendered, attempts }: Claimed): Promise<string | null> {
  if (document === null || keyId === null || subjectId === null || rendered) return body;
  const told = await askDocument(deps, { tenantId, keyId, document, topic }, subjectId);
  const planned = JSON.parse(body) as { readonly type: string; readonly timestamp: string };
  const text = told.kind === 'ran' ? JSON.stringify({ type: planned.type, timestamp: planned.timestamp, data: told.data }) : null;
  await deps.database.write(tenantId, 'render-message', async (em) => {
    if (text !== null) return void await em.execute('update webhook_message set body = ?, rendered_at = app_now() where id = ? and rendered_at is null', [text, messageId]);
    if (told.kind === 'absent') return void await em.execute("update webhook_message set state = 'SKIPPED', failure_code = 'NOT_VISIBLE', leased_until = null, done_at = app_now() where id = ?", [messageId]);
    // The try was none: it is made when the document holds, or the graph answers, again.
    await em.execute('update webhook_message set attempts = ?, leased_until = null, failure_code = ?, next_at = app_now() + make_interval(secs => ?) where id = ?', [attempts - 1, told.kind === 'refused' || told.kind === 'failed' ? told.code.slice(0, 64) : null, AGAIN_SECONDS, messageId]);
    if (told.kind === 'refused') await disableDocument(em, tenantId, endpointId, `${told.code}: ${told.message}`);
  });
  return text;
}

async function fail(em: EntityManager, tenantId: string, messageId: string, { endpoint_id: endpointId, attempts, name }: Claimed, error: PlatformError): Promise<void> {
  const isOver = attempts >= MESSAGE_TRIES;
  await em.execute(
    `update webhook_message set leased_until = null, failure_code = ?, state = case when ? then 'DEAD' else state end, done_at = case when ? then app_now() end, next_at = app_now() + make_interval(secs => ?) where id = ?`,
    [error.code, isOver, isOver, waitAfter(attempts, error.retryAfterMs), messageId]);
  const [given] = await em.execute<{ over: boolean }[]>(
    `update webhook_endpoint set failing_since = coalesce(failing_since, app_now()),
       status = case when failing_since < app_now() - interval '${GIVE_UP_AFTER_DAYS} days' then 'DISABLED' else status end
     where id = ? returning status = 'DISABLED' as over`, [endpointId]);
  if (given?.over === true) await raiseAlert(em, { tenantId, code: 'PARTNER_UNREACHABLE', subjectKind: 'CHANNEL', subjectId: endpointId, connectionId: null, params: { name } });
}
