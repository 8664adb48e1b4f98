import { createHash } from 'node:crypto';
import type { Database } from '@quanyu/database';
import type { Id } from '@quanyu/ids';
import type { SubgraphDeps } from '@quanyu/subgraph';
import type { WebhookHead } from '../../channels/channel.js';
import { CONNECTION_PRINT } from '../../queries/webhook-connection.js';
import { bodySeal } from '../../seal-contexts.js';

export interface NewDelivery {
  readonly id: Id<'dlv'>; readonly tenantId: string; readonly connectionId: string; readonly head: WebhookHead; readonly body: Buffer;
  /** Of the connection that it was verified by. */
  readonly print?: string;
}

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
const STORE = `with asked as materialized (
    select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::int[], $8::text[], $9::timestamptz[], $10::boolean[], $11::text[])
      as d (id, tenant_id, connection_id, topic, dedupe_key, hash, bytes, sealed, triggered_at, signed, print)
  ), known as materialized (
    select c.id, c.tenant_id, ${CONNECTION_PRINT} as print from channel_connection c where c.id in (select connection_id from asked)
  ), current as materialized (
    select d.* from asked d join known c on c.id = d.connection_id and c.tenant_id = d.tenant_id and (d.print is null or d.print = c.print)
  ), stored as (
    insert into delivery (id, tenant_id, connection_id, topic, dedupe_key, body_hash, body_bytes, sealed_body, triggered_at, signed, state)
    select id, tenant_id, connection_id, topic, dedupe_key, hash, bytes, sealed, triggered_at, signed, case when signed then 'VERIFIED' else 'RECEIVED' end
    from current order by connection_id, dedupe_key, hash, id
    on conflict do nothing returning id
  )
  select id, true as fresh from stored union all select id, false from asked where id not in (select id from current)`;

export interface StoredDeliveries {
  /** Ids of those that were not here already. */
  readonly fresh: ReadonlySet<string>;
  /** Ids of those that are not stored, since their connection is no longer what they were verified by. */
  readonly outdated: ReadonlySet<string>;
}

/** Keeps webhooks that came together, of whichever tenants, with one statement. */
export async function storeDeliveries({ system }: Pick<Database, 'system'>, deliveries: readonly DeliveryRecord[]): Promise<StoredDeliveries> {
  const { rows } = await system.query<{ id: string; fresh: boolean }>({ name: 'store-deliveries', text: STORE, values: [
    texts(deliveries.map(({ id }) => id)), texts(deliveries.map(({ tenantId }) => tenantId)), texts(deliveries.map(({ connectionId }) => connectionId)),
    texts(deliveries.map(({ head }) => head.topic)), texts(deliveries.map(({ head }) => head.dedupeKey)), texts(deliveries.map(({ hash }) => hash)),
    `{${deliveries.map(({ bytes }) => bytes).join(',')}}`, texts(deliveries.map(({ sealed }) => sealed)),
    texts(deliveries.map(({ head }) => head.triggeredAt?.toISOString() ?? null)), `{${deliveries.map(({ head }) => (head.unsigned === true ? 'f' : 't')).join(',')}}`,
    texts(deliveries.map(({ print }) => print ?? null)),
  ] });
  const idsOf = (wanted: boolean): ReadonlySet<string> => new Set(rows.filter(({ fresh }) => fresh === wanted).map(({ id }) => id));
  return { fresh: idsOf(true), outdated: idsOf(false) };
}

/** An array literal of PostgreSQL: what pg makes of an array costs a regular expression for each body. */
const texts = (values: readonly (string | null)[]): string =>
  `{${values.map((value) => (value === null ? 'NULL' : `"${value.includes('"') || value.includes('\\') ? value.replace(/["\\]/g, '\\$&') : value}"`)).join(',')}}`;
