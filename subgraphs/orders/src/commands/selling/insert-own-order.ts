import { createHash } from 'node:crypto';
import type { Calls } from '@quanyu/calls';
import { gathered, type Database } from '@quanyu/database';
import { newId } from '@quanyu/ids';
import type { Vault } from '@quanyu/pii';
import type { Actor } from '../../domain/actor.js';
import type { OrderStatus } from '../../domain/order-state.js';
import type { Wanted } from '../../domain/quote.js';
import type { Address } from './delivery-address.js';
import type { Quoted } from './quote-order.js';

export interface PlaceOrder {
  readonly tenantId: string;
  readonly connectionId: string;
  readonly lines: readonly Wanted[];
  readonly address: Address;
  /** What the buyer was shown; the order is refused when it costs another sum. Null: whatever it costs. */
  readonly expectedTotalMinor: number | null;
  readonly memberId: string | null;
  /** Who places it: the member, or a person of the staff for somebody. */
  readonly by: Actor;
  readonly idempotencyKey: string;
}

export interface SellingDeps { readonly database: Database; readonly calls: Calls; readonly vault: Vault }

/** An order of our own as it stands under its key. */
export interface PlacedRow {
  readonly orderId: string;
  readonly connectionId: string;
  readonly status: OrderStatus;
  readonly cancelReason: string | null;
  readonly totalMinor: number;
  readonly lines: readonly Wanted[];
}

/** Writes order, lines and the first entry of its timeline; where the key is known, answers that order. Null: the key was used for another request. */
export async function insertOwnOrder({ database, vault }: Pick<SellingDeps, 'database' | 'vault'>, request: PlaceOrder, address: Address, quoted: Quoted, hash: string): Promise<PlacedRow | null> {
  const { tenantId, connectionId, memberId, by } = request;
  const id = newId('ord');
  const phoneIndex = vault.index('phone', address.phone, tenantId);
  const customer = memberId === null ? null : {
    externalId: memberId, phoneIndex, emailIndex: null,
    sealed: vault.seal(JSON.stringify({ name: address.name, phone: address.phone, email: null }), { tenantId, row: memberId, field: 'customer' }),
  };
  const row = await insertTogether(database, {
    id, tenantId, connectionId, platform: quoted.channel.kind,
    // Of this buyer: two buyers may use the same key.
    externalOrderId: createHash('sha256').update(JSON.stringify([by.kind, by.id, request.idempotencyKey])).digest('base64url').slice(0, 32),
    orderNumber: orderNumber(id), currency: quoted.currency, items: quoted.itemsMinor, discount: quoted.discountMinor, shipping: quoted.shippingMinor, total: quoted.totalMinor,
    customer, shipTo: vault.seal(JSON.stringify(address), { tenantId, row: id, field: 'shipTo' }), hash, memberId, guest: memberId === null ? phoneIndex : null,
    lines: quoted.lines.map((line, place) => ({ id: newId('lin'), place: `${place + 1}`, code: line.code, sku: line.skuId, title: line.title, quantity: line.quantity, price: line.unitPriceMinor })),
    entry: newId('tml'), actorKind: by.kind, actorId: by.id,
  });
  return row && { ...row, lines: request.lines };
}

interface NewOrder {
  readonly id: string; readonly tenantId: string; readonly connectionId: string; readonly externalOrderId: string; readonly total: number; readonly hash: string;
  readonly lines: readonly object[]; readonly [column: string]: unknown;
}
type KnownRow = Omit<PlacedRow, 'lines'>;

/** Orders that are placed at the same moment share a statement and a commit. */
const insertTogether = gathered<NewOrder, KnownRow | null>((database, asked) => {
  const orders = asked.map(({ input }) => input);
  const { tenantId } = orders[0]!;
  return database.write(tenantId, 'place-order', async (em) => {
    const fresh = new Set((await em.execute<{ id: string }[]>(
      `with wanted as materialized (
         select * from jsonb_to_recordset(?::jsonb) as w (id text, "connectionId" text, platform text, "externalOrderId" text, "orderNumber" text, currency text, items bigint, discount bigint, shipping bigint, total bigint,
           customer jsonb, "shipTo" text, hash text, "memberId" text, guest text, lines jsonb, entry text, "actorKind" text, "actorId" text)
       ), fresh as (
         insert into sales_order (id, tenant_id, connection_id, platform, external_order_id, order_number, status, stock_state, payment_state, raw_status, placed_at, external_updated_at,
           currency, items_minor, discount_minor, shipping_minor, tax_minor, taxes_included, total_minor, customer, sealed_ship_to, source, place_hash, member_id, guest_phone_index)
         select id, ?, "connectionId", platform, "externalOrderId", "orderNumber", 'RESERVING', 'WANTED', 'PENDING', 'own', app_now(), app_now(),
           currency, items, discount, shipping, 0, true, total, customer, "shipTo", 'OWN', hash, "memberId", guest
         from wanted order by "connectionId", "externalOrderId", id
         on conflict (tenant_id, connection_id, external_order_id) do nothing returning id, tenant_id
       ), lines as (
         insert into order_line (id, tenant_id, order_id, external_line_id, external_sku, sku_id, title, quantity, unit_price_minor, discount_minor)
         select l.id, f.tenant_id, f.id, l.place, l.code, l.sku, l.title, l.quantity, l.price, 0
         from fresh f join wanted w on w.id = f.id cross join lateral jsonb_to_recordset(w.lines) as l (id text, place text, code text, sku text, title text, quantity int, price bigint)
       ), told as (
         insert into timeline_entry (id, tenant_id, order_id, at, deed, actor_kind, actor_id, status, detail)
         select w.entry, f.tenant_id, f.id, app_now(), 'PLACED', w."actorKind", w."actorId", 'RESERVING', '{}' from fresh f join wanted w on w.id = f.id
       ) select id from fresh`,
      [JSON.stringify(orders), tenantId])).map(({ id }) => id));
    const others = orders.filter(({ id }) => !fresh.has(id));
    const known = new Map((others.length === 0 ? [] : await em.execute<{ connection: string; external: string; id: string; status: OrderStatus; reason: string | null; hash: string; total: string }[]>(
      `select o.connection_id as connection, o.external_order_id as external, o.id, o.status, o.cancel_reason as reason, o.place_hash as hash, o.total_minor as total
       from sales_order o join jsonb_to_recordset(?::jsonb) as w ("connectionId" text, "externalOrderId" text) on o.connection_id = w."connectionId" and o.external_order_id = w."externalOrderId" where o.tenant_id = ?`,
      [JSON.stringify(others.map(({ connectionId, externalOrderId }) => ({ connectionId, externalOrderId }))), tenantId])).map((row) => [`${row.connection}/${row.external}`, row]));
    return orders.map(({ id, connectionId, externalOrderId, total, hash }): KnownRow | null => {
      if (fresh.has(id)) return { orderId: id, connectionId, status: 'RESERVING', cancelReason: null, totalMinor: total };
      const row = known.get(`${connectionId}/${externalOrderId}`);
      return row?.hash === hash ? { orderId: row.id, connectionId, status: row.status, cancelReason: row.reason, totalMinor: Number(row.total) } : null;
    });
  });
}, ({ tenantId }) => tenantId, 2);

const SUFFIX = 10;
/** Short enough to be read out: its last characters are as good as unique, and its order says so where they are not. */
const orderNumber = (orderId: string): string => `QY${orderId.slice(-SUFFIX)}`.toUpperCase();
