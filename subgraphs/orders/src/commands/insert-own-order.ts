import { createHash } from 'node:crypto';
import type { Calls } from '@quanyu/calls';
import type { Database } from '@quanyu/database';
import { newId } from '@quanyu/ids';
import type { Vault } from '@quanyu/pii';
import type { Actor } from '../domain/actor.js';
import type { Address } from '../domain/delivery-address.js';
import type { OrderStatus } from '../domain/order-state.js';
import type { Wanted } from '../domain/quote.js';
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

/** Writes order, lines and the first entry of its timeline in one statement; where the key is known, answers that order. Null: the key was used for another request. */
export async function insertOwnOrder({ database, vault }: SellingDeps, request: PlaceOrder, address: Address, quoted: Quoted, hash: string): Promise<PlacedRow | null> {
  const { tenantId, connectionId, memberId, by } = request;
  const orderId = newId('ord');
  // Of this buyer: two buyers may use the same key.
  const externalOrderId = createHash('sha256').update(JSON.stringify([by.kind, by.id, request.idempotencyKey])).digest('base64url').slice(0, 32);
  const sealedShipTo = vault.seal(JSON.stringify(address), { tenantId, row: orderId, field: 'shipTo' });
  const phoneIndex = vault.index('phone', address.phone, tenantId);
  const customer = memberId === null ? null : {
    externalId: memberId, phoneIndex, emailIndex: null,
    sealed: vault.seal(JSON.stringify({ name: address.name, phone: address.phone, email: null }), { tenantId, row: memberId, field: 'customer' }),
  };
  const lines = quoted.lines.map((line, place) => ({ id: newId('lin'), place: `${place + 1}`, code: line.code, sku: line.skuId, title: line.title, quantity: line.quantity, price: line.unitPriceMinor }));
  return database.write(tenantId, 'place-order', async (em) => {
    const fresh = await em.execute<unknown[]>(
      `with fresh as (
         insert into sales_order (id, tenant_id, connection_id, platform, external_order_id, order_number, status, stock_state, payment_state, raw_status, placed_at, external_updated_at,
           currency, items_minor, discount_minor, shipping_minor, tax_minor, taxes_included, total_minor, customer, sealed_ship_to, source, place_hash, member_id, guest_phone_index)
         values (?, ?, ?, ?, ?, ?, 'RESERVING', 'WANTED', 'PENDING', 'own', app_now(), app_now(), ?, ?, ?, ?, 0, true, ?, ?::jsonb, ?, 'OWN', ?, ?, ?)
         on conflict (tenant_id, connection_id, external_order_id) do nothing returning id, tenant_id
       ), lines as (
         insert into order_line (id, tenant_id, order_id, external_line_id, external_sku, sku_id, title, quantity, unit_price_minor, discount_minor)
         select l.id, fresh.tenant_id, fresh.id, l.place, l.code, l.sku, l.title, l.quantity, l.price, 0
         from fresh cross join jsonb_to_recordset(?::jsonb) as l (id text, place text, code text, sku text, title text, quantity int, price bigint)
       ), told as (
         insert into timeline_entry (id, tenant_id, order_id, at, deed, actor_kind, actor_id, status, detail)
         select ?, tenant_id, id, app_now(), 'PLACED', ?, ?, 'RESERVING', '{}' from fresh
       ) select 1 from fresh`,
      [
        orderId, tenantId, connectionId, quoted.channel.kind, externalOrderId, orderNumber(orderId), quoted.currency, quoted.itemsMinor, quoted.discountMinor, quoted.shippingMinor, quoted.totalMinor,
        customer === null ? null : JSON.stringify(customer), sealedShipTo, hash, memberId, memberId === null ? phoneIndex : null, JSON.stringify(lines), newId('tml'), by.kind, by.id,
      ]);
    if (fresh.length > 0) return { orderId, connectionId, status: 'RESERVING', cancelReason: null, totalMinor: quoted.totalMinor, lines: request.lines };
    const [known] = await em.execute<{ id: string; status: OrderStatus; reason: string | null; hash: string; total: string }[]>(
      'select id, status, cancel_reason as reason, place_hash as hash, total_minor as total from sales_order where tenant_id = ? and connection_id = ? and external_order_id = ?', [tenantId, connectionId, externalOrderId]);
    if (known?.hash !== hash) return null;
    return { orderId: known.id, connectionId, status: known.status, cancelReason: known.reason, totalMinor: Number(known.total), lines: request.lines };
  });
}

const SUFFIX = 10;
/** Short enough to be read out: its last characters are as good as unique, and its order says so where they are not. */
const orderNumber = (orderId: string): string => `QY${orderId.slice(-SUFFIX)}`.toUpperCase();
