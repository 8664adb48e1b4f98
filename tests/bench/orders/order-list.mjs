import { percentile } from '../percentile.mjs';
import { asker } from './buyers.mjs';

const DESK = `query($after: String, $filter: OrderFilterInput) { orders(first: 50, after: $after, filter: $filter) { pageInfo { endCursor } nodes { id orderNumber status rawStatus source onHold partiallyShipped afterSale payBy placedAt amounts { total { amount currency } } refundedAmount { amount } shipTo { name phone city }
  lines { id title quantity shippedQuantity unitPrice { amount } } exceptions { code state } parcels { carrier trackingNumber } payments { state provider } refunds { state } afterSales { state } timeline { deed at } availableActions { action enabled reason } } } }`;

/** Orders with two lines and three entries of their timeline each, as take-in leaves them, for every day of two years. */
export async function fillOrders({ sql }, { tenantId, count }) {
  const BATCH = 50_000;
  // What stands here is sound: each row's order need not be looked for once more, which takes most of the time.
  await sql('set session_replication_role = replica');
  for (let from = 0; from < count; from += BATCH) {
    const to = Math.min(count, from + BATCH) - 1;
    await sql(
      `insert into orders.sales_order (id, tenant_id, connection_id, platform, external_order_id, order_number, status, stock_state, payment_state, raw_status, placed_at, external_updated_at, paid_at, confirmed_at, currency,
         items_minor, discount_minor, shipping_minor, tax_minor, taxes_included, total_minor, shipped, shipped_at)
       select 'ord_00' || lpad(to_hex(n), 24, '0'), $1, 'con_0000000000000000000000000' || (n % 8), 'SHOPIFY', 'bench-' || n, '#B' || n, case when n % 50 = 0 then 'TO_SHIP' else 'COMPLETED' end, 'HELD', 'PAID', 'paid/fulfilled',
         now() - make_interval(secs => ($2::int - n) * 60), now(), now(), now(), 'CNY', 5900, 0, 0, 0, true, 5900, 'ALL', now() from generate_series($3::int, $4::int) n`, [tenantId, count, from, to]);
    await sql(
      `insert into orders.order_line (id, tenant_id, order_id, external_line_id, external_sku, sku_id, title, quantity, unit_price_minor, discount_minor)
       select 'lin_' || part || '0' || lpad(to_hex(n), 24, '0'), $1, 'ord_00' || lpad(to_hex(n), 24, '0'), part::text, 'B', 'sku_00' || lpad(to_hex(n % 500), 24, '0'), 'Bench goods', 1, 2950, 0 from generate_series($2::int, $3::int) n, generate_series(1, 2) part`, [tenantId, from, to]);
    await sql(
      `insert into orders.timeline_entry (id, tenant_id, order_id, at, deed, actor_kind, actor_id, status, detail)
       select 'tml_' || part || '0' || lpad(to_hex(n), 24, '0'), $1, 'ord_00' || lpad(to_hex(n), 24, '0'), now(), 'UPDATED', 'CHANNEL', 'x', 'TO_SHIP', '{}' from generate_series($2::int, $3::int) n, generate_series(1, 3) part`, [tenantId, from, to]);
  }
  await sql('set session_replication_role = origin');
  for (const table of ['sales_order', 'order_line', 'timeline_entry']) await sql(`analyze orders.${table}`);
}

/** Pages with everything that an operator sees: the newest, one after the other, and by filters. */
export async function readPages(house, pages) {
  const ask = asker(house);
  const filters = [{}, { statuses: ['TO_SHIP'] }, { channelIds: ['con_00000000000000000000000003'] }, { text: 'B4242' }, { text: 'B' }, { skuId: 'sku_0000000000000000000000002a' }, { hasException: true }, { inAfterSale: true }, { onHold: true }];
  const times = new Map();
  for (const filter of filters) {
    const of = [];
    let after = null;
    for (let page = 0; page < pages; page += 1) {
      const since = performance.now();
      const { orders } = await ask(DESK, { after, filter });
      of.push(performance.now() - since);
      after = orders.pageInfo.endCursor;
      if (orders.nodes.length < 50) after = null;
    }
    // The first ones compile plans.
    times.set(JSON.stringify(filter), of.slice(2));
  }
  const all = [...times.values()].flat();
  const [slowest, of] = [...times].sort(([, a], [, b]) => percentile(b, 0.5) - percentile(a, 0.5))[0];
  return { p50: percentile(all, 0.5), p99: percentile(all, 0.99), slowest, slowestP50: percentile(of, 0.5) };
}
