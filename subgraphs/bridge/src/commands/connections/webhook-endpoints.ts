import { newId, type Id } from '@quanyu/ids';
import { maskEmail, maskPhone, normaliseEmail, normalisePhone } from '@quanyu/pii';
import { refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import { liveSecrets, rotate } from '../../domain/live-secrets.js';
import { KLAVIYO_METRICS, PARTNER_TOPICS, type EndpointKind, type PartnerTopic } from '../../domain/partner-topics.js';
import type { BridgeErrorCode } from '../../errors.js';
import { newStandardSecret } from '../../outbound/standard-webhook.js';
import { endpointSeal } from '../../seal-contexts.js';
import { resolveAlertsOf } from '../messages/alerts.js';
import { askDocument } from '../messages/partner-document.js';

/** @property apiKey what a service behind the address is asked with, where it is not signed to */
export interface NewEndpoint { readonly kind: EndpointKind; readonly name: string; readonly url: string; readonly topics: readonly PartnerTopic[]; readonly apiKey?: string | null; readonly document?: string | null; readonly keyId?: string | null }
export type Made = { readonly kind: 'made'; readonly id: Id<'whe'>; readonly secret: string | null };

const MOST = 50;
const MOST_DOCUMENT_BYTES = 16_384;

/** Keeps an address that wants to hear of us. Whether it is of the public internet is asked each time that it is sent to. */
export async function createEndpoint(ctx: GraphContext, { kind, name: text, url, topics, apiKey = null, document = null, keyId = null }: NewEndpoint): Promise<Made | Refusal<BridgeErrorCode>> {
  const { tenantId } = ctx.viewer;
  const secret = newStandardSecret();
  const refusal = await documentRefusal(ctx, { kind, topics, document, keyId });
  if (refusal !== null) return refusal;
  return ctx.write('create-webhook-endpoint', async (em) => {
    const name = text.trim();
    if (name === '' || name.length > 100) return refuse('NAME_INVALID', 'name');
    const place = placeOf(kind, url);
    if (place === null) return refuse('ENDPOINT_URL_INVALID', 'url');
    if ((kind === 'KLAVIYO') !== (apiKey !== null) || apiKey !== null && !/^[\x21-\x7e]{8,255}$/.test(apiKey)) return refuse('API_KEY_INVALID', 'apiKey');
    if (topics.length === 0 || topics.some((topic) => !PARTNER_TOPICS.includes(topic) || !suits(kind, topic))) return refuse('TOPICS_INVALID', 'topics');
    const [{ count }] = await em.execute<{ count: number }[]>('select count(*)::int as count from webhook_endpoint where tenant_id = ?', [tenantId]) as [{ count: number }];
    if (count >= MOST) return refuse('TOO_MANY_ENDPOINTS', 'url');
    const id = newId('whe');
    const seal = endpointSeal(tenantId, id);
    await em.execute(`insert into webhook_endpoint (id, tenant_id, kind, name, sealed_url, host, sealed_secrets, topics, document, key_id, document_checked_at)
      values (?, ?, ?, ?, ?, ?, ?::jsonb, ?::jsonb, ?, ?, case when ?::text is null then null else app_now() end)`,
      [id, tenantId, kind, name, ctx.deps.vault.seal(place.address, seal), place.host, JSON.stringify(rotate([], ctx.deps.vault.seal(apiKey ?? secret, seal), new Date())), JSON.stringify([...new Set(topics)]), document, keyId, document]);
    return { kind: 'made', id, secret: kind === 'STANDARD' ? secret : null };
  });
}

/** Why a document cannot be kept. It is looked at by the gateway, which will run it, and outside of any transaction. */
async function documentRefusal(ctx: GraphContext, { kind, topics, document, keyId }: Pick<NewEndpoint, 'kind' | 'topics'> & { readonly document: string | null; readonly keyId: string | null }): Promise<Refusal<BridgeErrorCode> | null> {
  if (document === null && keyId === null) return null;
  if (document === null || keyId === null || kind !== 'STANDARD' || Buffer.byteLength(document) > MOST_DOCUMENT_BYTES) return refuse('DOCUMENT_INVALID', 'document');
  for (const topic of new Set(topics)) {
    const told = await askDocument(ctx.deps, { tenantId: ctx.viewer.tenantId, keyId, document, topic }, null);
    if (told.kind === 'failed') return refuse('GATEWAY_UNAVAILABLE', 'document');
    if (told.kind !== 'valid') return refuse('DOCUMENT_INVALID', 'document', ...(told.kind === 'refused' ? [told.code] : []));
  }
  return null;
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
    const rows = await em.execute<unknown[]>('update webhook_endpoint set status = ?, failing_since = null, document_fault = null where tenant_id = ? and id = ? returning 1', [status, tenantId, id]);
    if (rows.length === 0) return refuse('ENDPOINT_NOT_FOUND', 'endpointId');
    if (status === 'ACTIVE') for (const code of ['PARTNER_UNREACHABLE', 'PARTNER_DOCUMENT_REFUSED'] as const) await resolveAlertsOf(em, tenantId, { code, subjectId: id });
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

/** Where a message goes, and as much of it as may be shown again. */
function placeOf(kind: EndpointKind, text: string): { readonly address: string; readonly host: string } | null {
  if (text.length > 2_000) return null;
  if (kind === 'EMAIL') {
    const email = normaliseEmail(text.replace(/^mailto:/, ''));
    return email === null ? null : { address: email, host: maskEmail(email) };
  }
  if (kind === 'SMS') {
    const phone = normalisePhone(text.replace(/^tel:/, ''));
    return phone === null ? null : { address: phone, host: maskPhone(phone) };
  }
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  const needed = kind === 'SLACK' ? 'hooks.slack.com' : kind === 'KLAVIYO' ? 'a.klaviyo.com' : url.hostname;
  return url.protocol === 'https:' && url.username === '' && url.port === '' && url.hostname === needed ? { address: text, host: url.hostname } : null;
}

/** Klaviyo hears of orders and of nothing else; who has a phone at the ear of alerts only. */
const suits = (kind: EndpointKind, topic: PartnerTopic): boolean => (kind === 'KLAVIYO' ? KLAVIYO_METRICS[topic] !== undefined : kind === 'SMS' ? topic.startsWith('alert.') : true);
