import { randomUUID } from 'node:crypto';
import { percentile } from '../percentile.mjs';

const SHIP_TO = { name: 'Test Buyer', phone: '13800000000', address1: 'Sample street 1', city: '上海', province: '上海', countryCode: 'CN' };
const PLACE = 'mutation($input: PlaceOrderInput!) { placeOrder(input: $input) { order { id amounts { total { amount currency } } } userErrors { code } } }';
const PAY = 'mutation($input: RecordPaymentInput!) { recordPayment(input: $input) { order { status } userErrors { code } } }';

/** Asks the graph as staff; refusals are answers, faults throw. */
export const asker = ({ url, token }) => async (query, variables = {}) => {
  const response = await fetch(`${url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` }, body: JSON.stringify({ query, variables }) });
  const { data, errors } = await response.json();
  if (errors !== undefined) throw new Error(JSON.stringify(errors).slice(0, 500));
  return data;
};

/** One of our own channels, and a SKU of its own with so much stock. */
export async function openShop(house, stock) {
  const ask = asker(house);
  const key = randomUUID();
  const { openOwnChannel } = await ask('mutation($input: OpenOwnChannelInput!) { openOwnChannel(input: $input) { channel { id } } }', { input: { kind: 'H5', name: 'Bench', currency: 'CNY', idempotencyKey: key } });
  const { createProduct } = await ask(
    'mutation($input: CreateProductInput!) { createProduct(input: $input) { product { skus { id } } userErrors { code } } }',
    { input: { title: 'Bench goods', kind: 'PHYSICAL', skus: [{ code: `BENCH-${key}`, price: { amount: '59.00', currency: 'CNY' } }], idempotencyKey: key } });
  const skuId = createProduct.product.skus[0].id;
  await ask('mutation($input: SetStockOnHandInput!) { setStockOnHand(input: $input) { userErrors { code } } }', { input: { skuId, onHand: stock, idempotencyKey: key } });
  return { channelId: openOwnChannel.channel.id, skuId };
}

/** So many buyers at once, each placing and paying order after order, until the time or the stock is up. */
export async function buyers(house, { channelId, skuId }, { count, seconds }) {
  const ask = asker(house);
  const times = [];
  const refusals = new Map();
  const since = performance.now();
  const end = since + seconds * 1000;
  await Promise.all(Array.from({ length: count }, async () => {
    while (performance.now() < end) {
      const started = performance.now();
      const { placeOrder } = await ask(PLACE, { input: { channelId, lines: [{ skuId, quantity: 1 }], shipTo: SHIP_TO, idempotencyKey: randomUUID() } });
      if (placeOrder.order === null) {
        const [{ code }] = placeOrder.userErrors;
        refusals.set(code, (refusals.get(code) ?? 0) + 1);
        if (code === 'STOCK_SHORT') return;
        continue;
      }
      const { id, amounts: { total } } = placeOrder.order;
      const { recordPayment } = await ask(PAY, { input: { orderId: id, amount: total, reference: 'bench', idempotencyKey: id } });
      if (recordPayment.order?.status !== 'TO_SHIP') throw new Error(`An order was not confirmed: ${JSON.stringify(recordPayment)}`);
      times.push(performance.now() - started);
    }
  }));
  const spent = (performance.now() - since) / 1000;
  return { orders: times.length, perSecond: times.length / spent, p50: percentile(times, 0.5), p99: percentile(times, 0.99), refusals };
}

/** Orders that were paid must be what the stock has given, however many asked. */
export async function isExact(house, { skuId }, orders) {
  const [row] = await house.sql(
    `select (select count(*)::int from orders.order_line l join orders.sales_order o on o.id = l.order_id where l.sku_id = $1 and o.status = 'TO_SHIP') as sold,
       (select sum(reserved)::int from inventory.stock_level where sku_id = $1) as reserved, (select bool_and(reserved <= on_hand) from inventory.stock_level where sku_id = $1) as within`, [skuId]);
  return row.sold === orders && row.reserved === orders && row.within;
}
