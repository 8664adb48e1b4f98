import { describe, expect, it } from '@jest/globals';
import type { OrderContext } from '../channel.js';
import * as douyin from '../douyin/to-order.js';
import * as pinduoduo from '../pinduoduo/to-order.js';
import * as shopify from '../shopify/to-order.js';
import * as taobao from '../taobao/to-order.js';
import * as xiaohongshu from '../xiaohongshu/to-order.js';

// What the words of marketplaces mean for money and for the order's end; bodies as `parseJson` made them.
const context: OrderContext = { cancelled: false, triggeredAt: null, privacy: { seal: () => 'sealed', index: () => 'index' } };
const stateOf = (translated: ReturnType<typeof douyin.toOrder>): unknown => (translated.kind === 'order' ? [translated.data.paymentState, translated.data.cancelledAt !== null] : translated);

const douyinBody = (over: object) => ({
  order_id: '6921000000004000001', order_status: '2', create_time: '1772323200', update_time: '1772326800', pay_time: '1772323300', pay_amount: '8550', post_amount: '800',
  sku_order_list: [{ order_id: '1', item_num: '2', origin_amount: '3990', pay_amount: '7000', code: 'MUG' }, { order_id: '2', item_num: '1', origin_amount: '750', pay_amount: '750', code: 'TEA' }], ...over,
});
const pinduoduoBody = (over: object) => ({
  order_sn: '260301-1', order_status: '1', refund_status: '1', created_time: '2026-03-01 08:00:00', updated_at: '2026-03-01 09:00:00', pay_amount: '85.50', postage: '8',
  item_list: [{ sku_id: '1', outer_id: 'MUG', goods_name: '杯', goods_count: '2', goods_price: '39.9' }, { sku_id: '2', outer_id: 'TEA', goods_count: '1', goods_price: '7.50' }], ...over,
});
const xiaohongshuBody = (over: object) => ({
  orderId: 'P1', orderStatus: '4', createdTime: '1772323200000', paidTime: '1772323300000', updateTime: '1772326800000', totalPayAmount: '8550', totalShippingFree: '800',
  skuList: [{ skuId: 's1', erpcode: 'MUG', skuQuantity: '2', totalPaidAmount: '7000', totalMerchantDiscount: '980' }, { skuId: 's2', erpcode: 'TEA', skuQuantity: '1', totalPaidAmount: '750' }], ...over,
});

describe('an order of Douyin', () => {
  it.each([
    [{ order_status: '1' }, 'PENDING', false], [{ order_status: '1', main_status: '103' }, 'PARTIALLY_PAID', false], [{ order_status: '105' }, 'PAID', false], [{}, 'PAID', false], [{ order_status: '101' }, 'PAID', false],
    [{ order_status: '3' }, 'PAID', false], [{ order_status: '5' }, 'PAID', false], [{ order_status: '4', pay_time: '0' }, 'VOIDED', true], [{ order_status: '4' }, 'REFUNDED', true],
    [{ order_status: '4', main_status: '21' }, 'REFUNDED', true], [{ order_status: '5', main_status: '22' }, 'REFUNDED', false], [{ order_status: '5', main_status: '39' }, 'REFUNDED', false], [{ order_status: '777' }, 'PENDING', false],
  ])('%j is %s, ended: %s', (over, payment, ended) => { expect(stateOf(douyin.toOrder(douyinBody(over), context))).toEqual([payment, ended]); });

  it('names the field that does not fit, and refuses one without lines', () => {
    expect(douyin.toOrder(douyinBody({ pay_amount: '85.5' }), context)).toMatchObject({ reason: 'BODY_NOT_AN_ORDER', path: 'pay_amount' });
    expect(douyin.toOrder(douyinBody({ update_time: '0', create_time: '0' }), context)).toMatchObject({ path: 'update_time' });
    expect(douyin.toOrder(douyinBody({ sku_order_list: [] }), context)).toMatchObject({ reason: 'NO_LINES' });
  });
});

describe('an order of Pinduoduo', () => {
  it.each([
    [{}, 'PAID', false], [{ order_status: '2' }, 'PAID', false], [{ order_status: '3' }, 'PAID', false], [{ refund_status: '2' }, 'PAID', false], [{ refund_status: '3' }, 'PAID', false],
    [{ refund_status: '4' }, 'REFUNDED', true], [{ order_status: '2', refund_status: '4' }, 'REFUNDED', false],
  ])('%j is %s, ended: %s', (over, payment, ended) => { expect(stateOf(pinduoduo.toOrder(pinduoduoBody(over), context))).toEqual([payment, ended]); });

  it('tells what was taken off it, in fen', () => {
    expect(pinduoduo.toOrder(pinduoduoBody({}), context)).toMatchObject({ data: { amounts: { itemsMinor: 8730, discountMinor: 980, shippingMinor: 800, totalMinor: 8550 } } });
    expect(pinduoduo.toOrder(pinduoduoBody({ pay_amount: '85.505' }), context)).toMatchObject({ path: 'pay_amount' });
    expect(pinduoduo.toOrder(pinduoduoBody({ item_list: [] }), context)).toMatchObject({ reason: 'NO_LINES' });
    expect(pinduoduo.toOrder(pinduoduoBody({ updated_at: 'soon', created_time: 'then' }), context)).toMatchObject({ path: 'updated_at' });
  });
});

describe('an order of Xiaohongshu', () => {
  it.each([
    [{ orderStatus: '1', paidTime: '0' }, 'PENDING', false], ...['2', '3', '4', '5', '6', '7', '10'].map((orderStatus) => [{ orderStatus }, 'PAID', false] as const),
    [{ orderStatus: '8', paidTime: '0' }, 'VOIDED', true], [{ orderStatus: '9' }, 'REFUNDED', true],
  ] as const)('%j is %s, ended: %s', (over, payment, ended) => { expect(stateOf(xiaohongshu.toOrder(xiaohongshuBody(over), context))).toEqual([payment, ended]); });

  it('sums to what was paid though a price does not divide evenly', () => {
    const told = xiaohongshu.toOrder(xiaohongshuBody({ totalPayAmount: '1800', skuList: [{ skuId: 's1', erpcode: 'MUG', skuQuantity: '3', totalPaidAmount: '1000' }] }), context);
    expect(told).toMatchObject({ data: { lines: [{ quantity: 3, unitPriceMinor: 334, discountMinor: 2 }], amounts: { itemsMinor: 1002, discountMinor: 2, shippingMinor: 800, totalMinor: 1800 } } });
    expect(xiaohongshu.toOrder(xiaohongshuBody({ skuList: [] }), context)).toMatchObject({ reason: 'NO_LINES' });
    expect(xiaohongshu.toOrder(xiaohongshuBody({ totalPayAmount: '-1' }), context)).toMatchObject({ path: 'totalPayAmount' });
  });
});

// Orders keep the table of what these words mean, cell by cell (`platform-status.test.ts`): here they are put in the places where it looks.
const rawOf = (translated: ReturnType<typeof douyin.toOrder>): unknown => (translated.kind === 'order' ? translated.data.rawStatus : translated);
const taobaoBody = (status: string, refunds: readonly string[]) => ({
  tid: '3047218903434971123', status, created: '2026-03-01 08:00:00', modified: '2026-03-01 09:00:00', payment: '47.40',
  orders: { order: refunds.map((refund_status, at) => ({ oid: String(at + 1), num: '1', price: '23.70', divide_order_fee: '23.70', refund_status, title: '杯' })) },
});
const shopifyBody = (over: object) => ({
  id: '1', updated_at: '2026-03-01T10:00:00Z', created_at: '2026-03-01T09:00:00Z', currency: 'CNY', financial_status: 'paid', fulfillment_status: 'fulfilled', total_price: '10.00', line_items: [{ id: '2', quantity: 1, price: '10.00', title: 'Cup' }], ...over,
});

describe('an after-sale, and what comes after the parcels', () => {
  it.each(['WAIT_SELLER_AGREE', 'WAIT_BUYER_RETURN_GOODS', 'WAIT_SELLER_CONFIRM_GOODS', 'SELLER_REFUSE_BUYER'])('of Taobao is told by the line that has one: %s', (word) => {
    expect(rawOf(taobao.toOrder(taobaoBody('WAIT_BUYER_CONFIRM_GOODS', ['NO_REFUND', word]), context))).toBe(`wait_buyer_confirm_goods/${word.toLowerCase()}`);
  });

  it('of Taobao that has ended, or was taken back, is told no more', () => {
    for (const ended of ['NO_REFUND', 'CLOSED', 'SUCCESS']) expect(rawOf(taobao.toOrder(taobaoBody('TRADE_FINISHED', [ended, 'NO_REFUND']), context))).toBe('trade_finished');
  });

  it.each([...[6, 7, 11, 13, 14, 29].map((after_sale_status) => [{ after_sale_status, refund_status: 0 }, `3/3/${after_sale_status}`] as const), [{ after_sale_status: 0, refund_status: 1 }, '3/3//1'], [{ after_sale_status: 12, refund_status: 2 }, '3/3//2'],
    ...[0, 12, 27, 28, 51, 53].map((after_sale_status) => [{ after_sale_status, refund_status: 3 }, '3/3'] as const)] as const)('of Douyin %j is told as %s', (after_sale_info, raw) => {
    const [first] = douyinBody({}).sku_order_list;
    expect(rawOf(douyin.toOrder(douyinBody({ order_status: '3', sku_order_list: [first, { ...first, order_id: '2', after_sale_info }] }), context))).toBe(raw);
  });

  it.each([['0', '2/1'], ...['2', '3', '4', '5', '7', '8', '14', '15', '16', '17', '18'].map((word) => [word, `2/1/${word}`] as const), ['10', '2/1/10']] as const)('of Pinduoduo %s is told as %s', (after_sales_status, raw) => {
    expect(rawOf(pinduoduo.toOrder(pinduoduoBody({ order_status: '2', after_sales_status }), context))).toBe(raw);
  });

  it.each([['1', '6'], ['2', '6/2'], ['6', '6/6'], ['3', '6/3'], [null, '6']] as const)('of Xiaohongshu %s is told as %s', (orderAfterSalesStatus, raw) => {
    expect(rawOf(xiaohongshu.toOrder(xiaohongshuBody({ orderStatus: '6', orderAfterSalesStatus }), context))).toBe(raw);
  });

  it.each([
    [{}, 'paid/fulfilled'], [{ closed_at: '2026-03-02T10:00:00Z' }, 'paid/fulfilled/closed'], [{ closed_at: '2026-03-02T10:00:00Z', fulfillment_status: null }, 'paid/unfulfilled'],
    [{ fulfillments: [{ status: 'success', shipment_status: 'delivered' }, { status: 'cancelled' }] }, 'paid/fulfilled/delivered'], [{ fulfillments: [{ shipment_status: 'delivered' }, { shipment_status: 'in_transit' }] }, 'paid/fulfilled'],
    [{ return_status: 'return_requested', closed_at: '2026-03-02T10:00:00Z' }, 'paid/fulfilled/return_open'], [{ return_status: 'in_progress' }, 'paid/fulfilled/return_open'], [{ return_status: 'returned' }, 'paid/fulfilled'],
    [{ refunds: [{ transactions: [{ status: 'pending' }] }] }, 'paid/fulfilled/refund_pending'], [{ refunds: [{ transactions: [{ status: 'success' }, null] }] }, 'paid/fulfilled'],
  ])('of Shopify %j is told as %s', (over, raw) => { expect(rawOf(shopify.toOrder(shopifyBody(over), context))).toBe(raw); });
});
