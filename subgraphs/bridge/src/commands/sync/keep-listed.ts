import type { EntityManager } from '@mikro-orm/postgresql';
import { channelCustomerTold, channelProductTold } from '@quanyu/events';
import { record } from '@quanyu/outbox';
import { normaliseEmail, normalisePhone, type Vault } from '@quanyu/pii';
import type { Platform } from '../../channels/channels.js';
import type { ListedCustomer, ListedProduct } from '../../channels/reading/listing.js';
import type { StreamRef } from '../../queries/due-streams.js';

export type ListingKind = 'GOODS' | 'CUSTOMERS';
/** Where a listing comes from. */
export interface ListingSource extends StreamRef { readonly platform: Platform }
/** What a webhook told of goods or customers. */
export type ToldListing =
  | { readonly kind: 'GOODS'; readonly item: ListedProduct }
  | { readonly kind: 'CUSTOMERS'; readonly item: ListedCustomer }
  | { readonly kind: ListingKind; readonly removed: string };
interface Item { readonly externalId: string; readonly changedAt: Date; readonly hash: string }

const VARIANTS_IN_ONE = 500;

/** Keeps what a shop sells as it stands there, and tells what of it is news, in the transaction of whoever read it. Gives how many were news. */
export async function keepGoods(em: EntityManager, vault: Vault, source: ListingSource, goods: readonly ListedProduct[], readAt: Date): Promise<number> {
  const byId = new Map(goods.map((one) => [one.externalProductId, one]));
  const news = await takeNews(em, source, 'GOODS', [...byId.values()].map((one) => ({ externalId: one.externalProductId, changedAt: one.changedAt, hash: hashOf(vault, source, one) })), readAt);
  for (const id of news) {
    const told = byId.get(id)!;
    await keepNames(em, source, told);
    tellProduct(em, source, told, readAt);
  }
  return news.length;
}

export async function keepCustomers(em: EntityManager, vault: Vault, source: ListingSource, customers: readonly ListedCustomer[], readAt: Date): Promise<number> {
  const byId = new Map(customers.map((one) => [one.externalId, one]));
  const news = await takeNews(em, source, 'CUSTOMERS', [...byId.values()].map((one) => ({ externalId: one.externalId, changedAt: one.changedAt, hash: hashOf(vault, source, one) })), readAt);
  for (const id of news) tellCustomer(em, vault, source, byId.get(id)!, readAt);
  return news.length;
}

/** What is told, whenever it was changed. Keyed: a plain hash of a phone number is a phone number. */
const hashOf = (vault: Vault, { tenantId }: StreamRef, one: ListedProduct | ListedCustomer): string => vault.index('address', JSON.stringify({ ...one, changedAt: null }), tenantId);

/** Keeps what a webhook told at this time. */
export async function keepTold(em: EntityManager, vault: Vault, source: ListingSource, told: ToldListing, at: Date): Promise<void> {
  if ('removed' in told) await keepRemoved(em, source, told.kind, told.removed, at);
  else if (told.kind === 'GOODS') await keepGoods(em, vault, source, [told.item], at);
  else await keepCustomers(em, vault, source, [told.item], at);
}

/** Which of them are newer than what was told, and differ from it. All are kept as seen at this time. */
async function takeNews(em: EntityManager, { tenantId, connectionId }: StreamRef, kind: ListingKind, items: readonly Item[], readAt: Date): Promise<readonly string[]> {
  if (items.length === 0) return [];
  const rows = JSON.stringify(items.map(({ externalId, changedAt, hash }) => ({ id: externalId, at: changedAt.toISOString(), hash })));
  // In one order, always: a webhook and a list may tell of the same ones at once.
  const told = await em.execute<{ id: string; hash: string; removed: boolean }[]>(
    `select l.external_id as id, l.hash, l.removed_at is not null as removed from channel_listing l join jsonb_to_recordset(?::jsonb) as r (id text) on r.id = l.external_id
     where l.connection_id = ? and l.kind = ? order by l.external_id for update of l`, [rows, connectionId, kind]);
  const newer = '(l.changed_at, l.read_at) <= (excluded.changed_at, excluded.read_at)';
  const kept = await em.execute<{ id: string; newest: boolean }[]>(
    `insert into channel_listing as l (connection_id, kind, tenant_id, external_id, hash, changed_at, read_at, seen_at)
     select ?, ?, ?, r.id, r.hash, r.at, ?::timestamptz, ?::timestamptz from jsonb_to_recordset(?::jsonb) as r (id text, hash text, at timestamptz) order by r.id
     on conflict (connection_id, kind, external_id) do update set seen_at = greatest(l.seen_at, excluded.seen_at),
       hash = case when ${newer} then excluded.hash else l.hash end, removed_at = case when ${newer} then null else l.removed_at end,
       changed_at = case when ${newer} then excluded.changed_at else l.changed_at end, read_at = case when ${newer} then excluded.read_at else l.read_at end
     returning external_id as id, read_at = ?::timestamptz and hash = (select r.hash from jsonb_to_recordset(?::jsonb) as r (id text, hash text) where r.id = external_id) as newest`, [connectionId, kind, tenantId, readAt, readAt, rows, readAt, rows]);
  const before = new Map(told.map((row) => [row.id, row]));
  const hashes = new Map(items.map(({ externalId, hash }) => [externalId, hash]));
  return kept.filter(({ newest }) => newest).map(({ id }) => id).filter((id) => { const known = before.get(id); return known === undefined || known.removed || known.hash !== hashes.get(id); });
}

/** The names under which its variants can be mapped to SKUs of ours. */
async function keepNames(em: EntityManager, { tenantId, connectionId }: StreamRef, { externalProductId, changedAt, product, variants }: ListedProduct): Promise<void> {
  const rows = JSON.stringify(variants.map((one) => ({ id: one.externalVariantId, sku: one.externalSku, title: [product.title, one.title].filter(Boolean).join(' / ').slice(0, 512) })));
  await em.execute(
    'delete from channel_goods where connection_id = ? and external_product_id = ? and external_variant_id not in (select id from jsonb_to_recordset(?::jsonb) as r (id text))', [connectionId, externalProductId, rows]);
  await em.execute(
    `insert into channel_goods (connection_id, tenant_id, external_product_id, changed_at, external_variant_id, external_sku, title)
     select ?, ?, ?, ?::timestamptz, r.id, r.sku, r.title from jsonb_to_recordset(?::jsonb) as r (id text, sku text, title text) order by r.id
     on conflict (connection_id, external_variant_id) do update set external_product_id = excluded.external_product_id, external_sku = excluded.external_sku, title = excluded.title, changed_at = excluded.changed_at`,
    [connectionId, tenantId, externalProductId, changedAt, rows]);
}

function tellProduct(em: EntityManager, { tenantId, connectionId, platform }: ListingSource, told: ListedProduct, readAt: Date): void {
  const parts = Math.max(1, Math.ceil(told.variants.length / VARIANTS_IN_ONE));
  for (let part = 1; part <= parts; part += 1) {
    record(em, channelProductTold({ tenantId, sequence: told.changedAt.getTime(), data: {
      connectionId, platform, externalProductId: told.externalProductId, changedAt: told.changedAt.toISOString(), readAt: readAt.toISOString(), part, parts, currency: told.currency,
      product: part === 1 ? told.product : null, variants: told.variants.slice((part - 1) * VARIANTS_IN_ONE, part * VARIANTS_IN_ONE), removed: false,
    } }));
  }
}

function tellCustomer(em: EntityManager, vault: Vault, { tenantId, connectionId, platform }: ListingSource, told: ListedCustomer, readAt: Date): void {
  const { externalId } = told;
  // Numbers without country code are read where their owner lives.
  const region = told.addresses.map(({ address }) => address.countryCode).find((code) => code !== null) ?? '';
  const [phone, email] = [told.phone === null ? null : normalisePhone(told.phone, region), told.email === null ? null : normaliseEmail(told.email)];
  const profile = { name: told.name, phone: phone ?? told.phone, email: email ?? told.email };
  record(em, channelCustomerTold({ tenantId, sequence: told.changedAt.getTime(), data: {
    connectionId, platform, changedAt: told.changedAt.toISOString(), readAt: readAt.toISOString(), ordersCount: told.ordersCount, spent: told.spent, state: told.state, removed: false,
    customer: {
      externalId, phoneIndex: phone === null ? null : vault.index('phone', phone, tenantId), emailIndex: email === null ? null : vault.index('email', email, tenantId),
      sealed: Object.values(profile).every((value) => value === null) ? null : vault.seal(JSON.stringify(profile), { tenantId, row: externalId, field: 'customer' }),
    },
    addresses: told.addresses.map(({ externalAddressId, isDefault, address }) => ({ externalAddressId, isDefault, sealed: vault.seal(JSON.stringify(address), { tenantId, row: externalAddressId, field: 'address' }) })),
  } }));
}

/** The platform says that something is no more: from this instant on. */
async function keepRemoved(em: EntityManager, source: ListingSource, kind: ListingKind, externalId: string, at: Date): Promise<void> {
  const { tenantId, connectionId } = source;
  const [row] = await em.execute<unknown[]>(
    `insert into channel_listing as l (connection_id, kind, tenant_id, external_id, hash, changed_at, read_at, seen_at, removed_at) values (?, ?, ?, ?, '', ?::timestamptz, ?::timestamptz, ?::timestamptz, app_now())
     on conflict (connection_id, kind, external_id) do update set changed_at = excluded.changed_at, read_at = excluded.read_at, removed_at = app_now()
       where (l.changed_at, l.read_at) <= (excluded.changed_at, excluded.read_at) returning 1`, [connectionId, kind, tenantId, externalId, at, at, at]);
  if (row !== undefined) await tellRemoved(em, source, kind, [{ externalId, changedAt: at }], at);
}

/**
 * What a whole list did not name though it was told before: its end was missed. It keeps the time of its last change, so
 * that it is there again once it is listed again. At most so many; gives how many.
 */
export const keepGone = (em: EntityManager, source: ListingSource, kind: ListingKind, listedSince: Date, most: number | null = null): Promise<number> =>
  endListed(em, source, kind, listedSince, { which: 'seen_at < ?::timestamptz order by external_id limit ?', values: [listedSince, most] });

/** What a list says is there no more, of what was told before. */
export const keepEnded = (em: EntityManager, source: ListingSource, kind: ListingKind, externalIds: readonly string[], readAt: Date): Promise<number> =>
  endListed(em, source, kind, readAt, { which: 'external_id in (select jsonb_array_elements_text(?::jsonb))', values: [JSON.stringify(externalIds)] });

async function endListed(em: EntityManager, source: ListingSource, kind: ListingKind, readAt: Date, { which, values }: { readonly which: string; readonly values: readonly unknown[] }): Promise<number> {
  const rows = await em.execute<{ id: string; changed_ms: string }[]>(
    `update channel_listing set removed_at = app_now(), read_at = ?::timestamptz where (connection_id, kind, external_id) in (
       select connection_id, kind, external_id from channel_listing where connection_id = ? and kind = ? and removed_at is null and ${which})
     returning external_id as id, (extract(epoch from changed_at) * 1000)::bigint::text as changed_ms`, [readAt, source.connectionId, kind, ...values]);
  await tellRemoved(em, source, kind, rows.map(({ id, changed_ms: ms }) => ({ externalId: id, changedAt: new Date(Number(ms)) })), readAt);
  return rows.length;
}

async function tellRemoved(em: EntityManager, { tenantId, connectionId, platform }: ListingSource, kind: ListingKind, gone: readonly { readonly externalId: string; readonly changedAt: Date }[], readAt: Date): Promise<void> {
  if (kind === 'GOODS' && gone.length > 0) await em.execute('delete from channel_goods where connection_id = ? and external_product_id in (select jsonb_array_elements_text(?::jsonb))', [connectionId, JSON.stringify(gone.map(({ externalId }) => externalId))]);
  for (const { externalId, changedAt } of gone) {
    const common = { connectionId, platform, changedAt: changedAt.toISOString(), readAt: readAt.toISOString(), removed: true };
    if (kind === 'GOODS') record(em, channelProductTold({ tenantId, sequence: changedAt.getTime(), data: { ...common, externalProductId: externalId, part: 1, parts: 1, currency: null, product: null, variants: [] } }));
    else record(em, channelCustomerTold({ tenantId, sequence: changedAt.getTime(), data: { ...common, customer: { externalId, phoneIndex: null, emailIndex: null, sealed: null }, ordersCount: null, spent: null, state: null, addresses: [] } }));
  }
}
