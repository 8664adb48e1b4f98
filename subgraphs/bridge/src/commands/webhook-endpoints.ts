import { newId, type Id } from '@quanyu/ids';
import { refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import { liveSecrets, rotate } from '../domain/live-secrets.js';
import { PARTNER_TOPICS, type PartnerTopic } from '../domain/partner-topics.js';
import type { BridgeErrorCode } from '../errors.js';
import { newStandardSecret } from '../outbound/standard-webhook.js';
import { endpointSeal } from '../seal-contexts.js';
import { resolveAlertsOf } from './alerts.js';

export interface NewEndpoint { readonly kind: 'STANDARD' | 'SLACK'; readonly name: string; readonly url: string; readonly topics: readonly PartnerTopic[] }
export type Made = { readonly kind: 'made'; readonly id: Id<'whe'>; readonly secret: string | null };

const MOST = 50;

/** Keeps an address that wants to hear of us. Whether it is of the public internet is asked each time that it is sent to. */
export function createEndpoint(ctx: GraphContext, { kind, name: text, url, topics }: NewEndpoint): Promise<Made | Refusal<BridgeErrorCode>> {
  const { tenantId } = ctx.viewer;
  const secret = newStandardSecret();
  return ctx.write('create-webhook-endpoint', async (em) => {
    const name = text.trim();
    if (name === '' || name.length > 100) return refuse('NAME_INVALID', 'name');
    const host = hostOf(url);
    if (host === null || (kind === 'SLACK' && host !== 'hooks.slack.com')) return refuse('ENDPOINT_URL_INVALID', 'url');
    if (topics.length === 0 || topics.some((topic) => !PARTNER_TOPICS.includes(topic))) return refuse('TOPICS_INVALID', 'topics');
    const [{ count }] = await em.execute<{ count: number }[]>('select count(*)::int as count from webhook_endpoint where tenant_id = ?', [tenantId]) as [{ count: number }];
    if (count >= MOST) return refuse('TOO_MANY_ENDPOINTS', 'url');
    const id = newId('whe');
    const seal = endpointSeal(tenantId, id);
    await em.execute('insert into webhook_endpoint (id, tenant_id, kind, name, sealed_url, host, sealed_secrets, topics) values (?, ?, ?, ?, ?, ?, ?::jsonb, ?::jsonb)',
      [id, tenantId, kind, name, ctx.deps.vault.seal(url, seal), host, JSON.stringify(rotate([], ctx.deps.vault.seal(secret, seal), new Date())), JSON.stringify([...new Set(topics)])]);
    return { kind: 'made', id, secret: kind === 'STANDARD' ? secret : null };
  });
}

/** Gives an address a new signing secret; messages carry both signatures for a day. */
export function rotateEndpointSecret(ctx: GraphContext, id: Id<'whe'>): Promise<Made | Refusal<BridgeErrorCode>> {
  const { tenantId } = ctx.viewer;
  const secret = newStandardSecret();
  return ctx.write('rotate-endpoint-secret', async (em) => {
    const [row] = await em.execute<{ sealed_secrets: { sealed: string; expiresAt: string | null }[] }[]>("select sealed_secrets from webhook_endpoint where tenant_id = ? and id = ? and kind = 'STANDARD' for update", [tenantId, id]);
    if (row === undefined) return refuse('ENDPOINT_NOT_FOUND', 'endpointId');
    const now = new Date();
    await em.execute('update webhook_endpoint set sealed_secrets = ?::jsonb where id = ?', [JSON.stringify(rotate(liveSecrets(row.sealed_secrets, now), ctx.deps.vault.seal(secret, endpointSeal(tenantId, id)), now)), id]);
    return { kind: 'made', id, secret };
  });
}

/** Stops or goes on telling an address. What waits meanwhile is sent when it goes on. */
export function switchEndpoint(ctx: GraphContext, id: Id<'whe'>, status: 'ACTIVE' | 'DISABLED'): Promise<Made | Refusal<BridgeErrorCode>> {
  const { tenantId } = ctx.viewer;
  return ctx.write('switch-endpoint', async (em) => {
    const rows = await em.execute<unknown[]>('update webhook_endpoint set status = ?, failing_since = null where tenant_id = ? and id = ? returning 1', [status, tenantId, id]);
    if (rows.length === 0) return refuse('ENDPOINT_NOT_FOUND', 'endpointId');
    if (status === 'ACTIVE') await resolveAlertsOf(em, tenantId, { code: 'PARTNER_UNREACHABLE', subjectId: id });
    return { kind: 'made', id, secret: null };
  });
}

/** Has a message sent once more, under the id that it had. */
export function replayMessage(ctx: GraphContext, messageId: Id<'msg'>): Promise<Made | Refusal<BridgeErrorCode>> {
  return ctx.write('replay-message', async (em) => {
    const [row] = await em.execute<{ endpoint_id: Id<'whe'> }[]>("update webhook_message set state = 'DUE', attempts = 0, next_at = app_now(), done_at = null where tenant_id = ? and id = ? and state <> 'DUE' returning endpoint_id", [ctx.viewer.tenantId, messageId]);
    return row === undefined ? refuse('MESSAGE_NOT_FOUND', 'messageId') : { kind: 'made', id: row.endpoint_id, secret: null };
  });
}

function hostOf(text: string): string | null {
  if (!URL.canParse(text) || text.length > 2_000) return null;
  const url = new URL(text);
  return url.protocol === 'https:' && url.username === '' && url.port === '' ? url.hostname : null;
}
