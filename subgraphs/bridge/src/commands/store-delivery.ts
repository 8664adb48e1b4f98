import { createHash } from 'node:crypto';
import type { Database } from '@quanyu/database';
import type { Id } from '@quanyu/ids';
import type { SubgraphDeps } from '@quanyu/subgraph';
import type { WebhookHead } from '../channels/channel.js';
import { bodySeal } from '../seal-contexts.js';

export interface NewDelivery { readonly id: Id<'dlv'>; readonly tenantId: string; readonly connectionId: string; readonly head: WebhookHead; readonly body: Buffer }

/** A delivery as its row holds it, body sealed. */
export interface DeliveryRecord extends Omit<NewDelivery, 'body'> { readonly hash: string; readonly bytes: number; readonly sealed: string }

export function sealDelivery({ vault }: Pick<SubgraphDeps, 'vault'>, { body, ...delivery }: NewDelivery): DeliveryRecord {
  return {
    ...delivery, hash: createHash('sha256').update(body).digest('base64url'), bytes: body.length,
    // Byte for byte: a body that is no UTF-8 must come out as it came in.
    sealed: vault.seal(body.toString('latin1'), bodySeal(delivery.tenantId, delivery.id)),
  };
}

// In the order of what may clash: two processes that store the same webhooks wait for each other, and never in a ring.
const STORE = `insert into delivery (id, tenant_id, connection_id, topic, dedupe_key, body_hash, body_bytes, sealed_body, triggered_at, signed, state)
  select d.id, c.tenant_id, c.id, d.topic, d.dedupe_key, d.hash, d.bytes, d.sealed, d.triggered_at, d.signed, case when d.signed then 'VERIFIED' else 'RECEIVED' end
  from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::int[], $8::text[], $9::timestamptz[], $10::boolean[])
    as d (id, tenant_id, connection_id, topic, dedupe_key, hash, bytes, sealed, triggered_at, signed)
  join channel_connection c on c.id = d.connection_id and c.tenant_id = d.tenant_id
  order by d.connection_id, d.dedupe_key, d.hash, d.id
  on conflict do nothing returning id`;

/** Keeps webhooks that came together, of whichever tenants, with one statement; gives the ids of those that were not here already. */
export async function storeDeliveries({ system }: Pick<Database, 'system'>, deliveries: readonly DeliveryRecord[]): Promise<ReadonlySet<string>> {
  const { rows } = await system.query<{ id: string }>({ name: 'store-deliveries', text: STORE, values: [
    texts(deliveries.map(({ id }) => id)), texts(deliveries.map(({ tenantId }) => tenantId)), texts(deliveries.map(({ connectionId }) => connectionId)),
    texts(deliveries.map(({ head }) => head.topic)), texts(deliveries.map(({ head }) => head.dedupeKey)), texts(deliveries.map(({ hash }) => hash)),
    `{${deliveries.map(({ bytes }) => bytes).join(',')}}`, texts(deliveries.map(({ sealed }) => sealed)),
    texts(deliveries.map(({ head }) => head.triggeredAt?.toISOString() ?? null)), `{${deliveries.map(({ head }) => (head.unsigned === true ? 'f' : 't')).join(',')}}`,
  ] });
  return new Set(rows.map(({ id }) => id));
}

/** An array literal of PostgreSQL: what pg makes of an array costs a regular expression for each body. */
const texts = (values: readonly (string | null)[]): string =>
  `{${values.map((value) => (value === null ? 'NULL' : `"${value.includes('"') || value.includes('\\') ? value.replace(/["\\]/g, '\\$&') : value}"`)).join(',')}}`;
