import { shopifyOrder, type ShopifyOrderInput } from '@quanyu/channel-sandbox';
import { eventually } from '../../harness/eventually.js';
import type { Json } from '../../harness/credentials.js';
import type { Product } from '../../harness/product.js';

let next = 7_000_000_000_000;

/** A fresh paid order of the demo shop: one tee, one mug, freight 10. */
export function paidOrder(over: Partial<ShopifyOrderInput> = {}): { readonly id: string; readonly body: Json; readonly input: ShopifyOrderInput } {
  const id = (next += 7);
  const input: ShopifyOrderInput = {
    id, name: `#${id % 100_000}`, createdAt: '2026-11-20T10:00:00+08:00', financialStatus: 'paid', currency: 'CNY',
    lines: [
      { sku: 'QY-TEE-BLK-M', variantId: 41000000000001, productId: 81, title: 'Fan tee', quantity: 1, price: '129.00' },
      { sku: 'QY-MUG-WHT', variantId: 41000000000011, productId: 82, title: 'Creator mug', quantity: 2, price: '59.00', discount: '8.00' },
    ],
    shipping: { title: '顺丰', price: '10.00' },
    discountCode: 'FANS8',
    customer: { id: id + 1, firstName: '测试', lastName: '买家', email: `buyer-${id}@example.com`, phone: '+8613800000002' },
    shippingAddress: { firstName: '测试', lastName: '买家', address1: '样例街道 8 号', city: '上海', province: '上海', provinceCode: 'SH', country: 'China', countryCode: 'CN', zip: '200000', phone: '+8613800000002' },
    ...over,
  };
  return { id: String(id), body: shopifyOrder(input), input };
}

export const ORDER = `query($number: String!) { orders(filter: { orderNumber: $number }) { nodes {
  id orderNumber externalOrderId status paymentState cancelReason version
  amounts { items { amount } discount { amount } shipping { amount } tax { amount } total { amount currency } }
  channel { id name platform }
  exceptions { code state subjects }
  shipTo { name phone addressLine city }
  lines { quantity externalSku sku { id code product { title } stock { onHand reserved available } } }
  member { id maskedName points { balance } }
  pointsEarned
  journalEntries { id kind currency postings { account { code } debit { amount } credit { amount } } }
  tickets { id }
} } }`;

/** The order with everything that the graph joins to it; throws while it is not there. */
export async function readOrder(product: Product, body: Json): Promise<Json> {
  const { orders: { nodes: [order] } } = await product.get(ORDER, { number: body.name });
  if (order === undefined) throw new Error(`Order ${body.name} is not there`);
  return order;
}

/** Waits until an order has come to this status. */
export const orderIn = (product: Product, body: Json, status: string, withinMs?: number): Promise<Json> => eventually(async () => {
  const order = await readOrder(product, body);
  if (order.status !== status) throw new Error(`Order ${body.name} is ${order.status}, not ${status}`);
  return order;
}, withinMs);

/** Waits until an order is through the whole story: confirmed, points earned, both entries posted. */
export const storyDone = (product: Product, body: Json, withinMs?: number): Promise<Json> => eventually(async () => {
  const order = await orderIn(product, body, 'TO_SHIP', 0);
  if (order.pointsEarned === null || order.pointsEarned === 0 || order.journalEntries.length < 2) throw new Error(`Order ${body.name} is not through: ${order.pointsEarned} points, ${order.journalEntries.length} entries`);
  return order;
}, withinMs);

/** What each order must have come to, whatever happened on the way: the oracle of the story. */
export async function checkBooks(product: Product): Promise<void> {
  const count = async (sql: string): Promise<number> => Number((await product.sql<{ count: string }>(sql))[0]!.count);
  const zero: [string, string][] = [
    ['orders told twice', 'select count(*) from (select 1 from orders.sales_order group by tenant_id, connection_id, external_order_id having count(*) > 1) x'],
    ['levels that do not agree with their holds', `select count(*) from inventory.stock_level l where l.reserved <> (select coalesce(sum(rl.open), 0) from inventory.reservation_line rl where rl.stock_level_id = l.id)`],
    ['entries that do not balance', 'select count(*) from (select entry_id from finance.posting group by entry_id having sum(amount_minor) <> 0) x'],
    ['confirmed orders without exactly one entry', `select count(*) from orders.sales_order o where o.confirmed_at is not null and o.total_minor <> 0 and (select count(*) from finance.journal_entry e where e.order_id = o.id and e.kind = 'ORDER_CONFIRMED') <> 1`],
    ['entries of orders that were never confirmed', `select count(*) from finance.journal_entry e join orders.sales_order o on o.id = e.order_id where o.confirmed_at is null`],
    ['balances that are not the sum of their entries', 'select count(*) from members.points_balance b where b.balance <> (select coalesce(sum(points), 0) from members.points_entry e where e.member_id = b.member_id)'],
    ['orders that earned twice', `select count(*) from (select order_id from members.points_entry where kind = 'EARN' group by order_id having count(*) > 1) x`],
  ];
  for (const [what, sql] of zero) {
    const found = await count(sql);
    if (found !== 0) throw new Error(`${found} ${what}`);
  }
}
