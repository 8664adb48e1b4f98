import { describe, expect, it } from '@jest/globals';
import type { OrderContext } from './channel.js';
import * as douyin from './douyin/to-order.js';
import * as pinduoduo from './pinduoduo/to-order.js';
import * as xiaohongshu from './xiaohongshu/to-order.js';

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
