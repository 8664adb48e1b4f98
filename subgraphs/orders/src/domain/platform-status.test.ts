import { describe, expect, it } from '@jest/globals';
import { meaningOf, PLATFORM_WORDS, type PlatformMeaning } from './platform-status.js';

const [PAY, SEND, SENT, DONE, END] = ['PENDING_PAYMENT', 'TO_SHIP', 'SHIPPED', 'COMPLETED', 'CANCELLED'] as const;
const means = (over: Partial<PlatformMeaning>): PlatformMeaning => ({ status: null, partlyShipped: false, refunded: false, afterSale: 'NONE', ...over });
const status = (one: PlatformMeaning['status']): PlatformMeaning => means({ status: one });
const inPart = means({ status: SEND, partlyShipped: true });
const refunded = means({ status: END, refunded: true });

/** One row for each cell of the map of states that the platforms publish. */
const CELLS: readonly (readonly [platform: string, raw: readonly string[], PlatformMeaning])[] = [
  ['SHOPIFY', ['pending/unfulfilled', 'authorized/unfulfilled', 'partially_paid/unfulfilled', 'pending/fulfilled'], status(PAY)],
  ['SHOPIFY', ['paid/unfulfilled', 'paid/open', 'paid/in_progress', 'paid/on_hold', 'paid/scheduled', 'paid/pending_fulfillment', 'partially_refunded/unfulfilled', 'paid/restocked', 'paid/request_declined'], status(SEND)],
  ['SHOPIFY', ['paid/partial', 'paid/partially_fulfilled', 'partially_refunded/partial'], inPart],
  ['SHOPIFY', ['paid/fulfilled', 'partially_refunded/fulfilled'], status(SENT)],
  ['SHOPIFY', ['paid/fulfilled/delivered', 'paid/fulfilled/closed'], status(DONE)],
  ['SHOPIFY', ['voided/unfulfilled', 'expired/unfulfilled'], status(END)],
  ['SHOPIFY', ['refunded/unfulfilled'], refunded],
  ['SHOPIFY', ['refunded/fulfilled'], means({ status: SENT, refunded: true })],
  ['SHOPIFY', ['paid/fulfilled/return_open'], means({ status: SENT, afterSale: 'AFTER_SALE' })],
  ['SHOPIFY', ['paid/fulfilled/refund_pending'], means({ status: SENT, afterSale: 'REFUNDING' })],
  ['SHOPLAZZA', ['opened/waiting/initialled', 'placed/waiting/waiting', 'placed/paying/waiting', 'placed/authorized/waiting', 'placed/partially_paid/waiting', 'placed/failed/waiting'], status(PAY)],
  ['SHOPLAZZA', ['placed/paid/initialled', 'placed/paid/waiting', 'placed/paid/cancelled', 'placed/partially_refunded/waiting'], status(SEND)],
  ['SHOPLAZZA', ['placed/paid/partially_shipped'], inPart],
  ['SHOPLAZZA', ['placed/paid/shipped', 'placed/paid/partially_finished', 'placed/paid/returned', 'placed/paid/partially_returned'], status(SENT)],
  ['SHOPLAZZA', ['placed/paid/finished', 'finished/paid/finished', 'finished/paid/shipped'], status(DONE)],
  ['SHOPLAZZA', ['cancelled/waiting/waiting', 'placed/cancelled/waiting'], status(END)],
  ['SHOPLAZZA', ['placed/refunded/waiting'], refunded],
  ['SHOPLAZZA', ['placed/paid/returning'], means({ status: SENT, afterSale: 'AFTER_SALE' })],
  ['SHOPLAZZA', ['placed/refunding/waiting', 'placed/refund_failed/waiting'], means({ status: SEND, afterSale: 'REFUNDING' })],
  ['TAOBAO', ['trade_no_create_pay', 'wait_buyer_pay', 'pay_pending', 'wait_pre_auth_confirm'], status(PAY)],
  ['TAOBAO', ['wait_seller_send_goods', 'paid_forbid_consign', 'WAIT_SELLER_SEND_GOODS'], status(SEND)],
  ['TAOBAO', ['seller_consigned_part'], inPart],
  ['TAOBAO', ['wait_buyer_confirm_goods', 'trade_buyer_signed'], status(SENT)],
  ['TAOBAO', ['trade_finished', 'trade_finished/no_refund', 'trade_finished/closed', 'trade_finished/success'], status(DONE)],
  ['TAOBAO', ['trade_closed_by_taobao'], status(END)],
  ['TAOBAO', ['trade_closed'], refunded],
  ['TAOBAO', ['wait_seller_agree', 'wait_buyer_return_goods', 'wait_seller_confirm_goods', 'seller_refuse_buyer'].map((word) => `wait_seller_send_goods/${word}`), means({ status: SEND, afterSale: 'AFTER_SALE' })],
  ['TAOBAO', ['wait_buyer_confirm_goods/refund_agreed'], means({ status: SENT, afterSale: 'REFUNDING' })],
  ['DOUYIN', ['1', '1/103'], status(PAY)],
  ['DOUYIN', ['105', '2'], status(SEND)],
  ['DOUYIN', ['101'], inPart],
  ['DOUYIN', ['3'], status(SENT)],
  ['DOUYIN', ['5'], status(DONE)],
  ['DOUYIN', ['4'], status(END)],
  ['DOUYIN', ['4/21', '4/22'], refunded],
  ['DOUYIN', ['5/39'], means({ status: DONE, refunded: true })],
  ['DOUYIN', ['6', '7', '11', '13', '14', '29'].map((word) => `3//${word}`), means({ status: SENT, afterSale: 'AFTER_SALE' })],
  ['DOUYIN', ['2///1', '2///2'], means({ status: SEND, afterSale: 'REFUNDING' })],
  ['XIAOHONGSHU', ['1'], status(PAY)],
  ['XIAOHONGSHU', ['2', '3', '4'], status(SEND)],
  ['XIAOHONGSHU', ['5'], inPart],
  ['XIAOHONGSHU', ['6'], status(SENT)],
  ['XIAOHONGSHU', ['7'], status(DONE)],
  ['XIAOHONGSHU', ['8', '9'], status(END)],
  ['XIAOHONGSHU', ['10'], means({ afterSale: 'AFTER_SALE' })],
  ['XIAOHONGSHU', ['7/2', '7/6'], means({ status: DONE, afterSale: 'AFTER_SALE' })],
  ['XIAOHONGSHU', ['6/2/refund'], means({ status: SENT, afterSale: 'REFUNDING' })],
  ['PINDUODUO', ['1'], status(SEND)],
  ['PINDUODUO', ['2'], status(SENT)],
  ['PINDUODUO', ['3'], status(DONE)],
  ['PINDUODUO', ['1/4'], refunded],
  ['PINDUODUO', ['2/4'], means({ status: SENT, refunded: true })],
  ['PINDUODUO', ['2/2', ...['2', '3', '7', '8', '14', '15', '16', '17', '18'].map((word) => `2/1/${word}`)], means({ status: SENT, afterSale: 'AFTER_SALE' })],
  ['PINDUODUO', ['1/3', '1/1/4', '1/1/5'], means({ status: SEND, afterSale: 'REFUNDING' })],
  ['WECHAT_PAY', ['NOTPAY', 'USERPAYING', 'PAYERROR'], status(PAY)],
  ['WECHAT_PAY', ['SUCCESS'], status(SEND)],
  ['WECHAT_PAY', ['CLOSED', 'REVOKED'], status(END)],
  ['WECHAT_PAY', ['REFUND'], means({ afterSale: 'REFUNDING' })],
  ['ALIPAY', ['WAIT_BUYER_PAY'], status(PAY)],
  ['ALIPAY', ['TRADE_SUCCESS'], status(SEND)],
  ['ALIPAY', ['TRADE_FINISHED'], status(DONE)],
  ['ALIPAY', ['TRADE_CLOSED'], status(END)],
  ['ALIPAY', ['TRADE_SUCCESS/refunding'], means({ status: SEND, afterSale: 'REFUNDING' })],
  ['SHIPSTATION', ['awaiting_payment'], status(PAY)],
  ['SHIPSTATION', ['awaiting_shipment', 'on_hold', 'pending_fulfillment'], status(SEND)],
  ['SHIPSTATION', ['shipped'], status(SENT)],
  ['SHIPSTATION', ['cancelled'], status(END)],
];

describe("a platform's words for its states", () => {
  it.each(CELLS.flatMap(([platform, raws, meaning]) => raws.map((raw) => [platform, raw, meaning] as const)))('%s %s means what the table says', (platform, raw, meaning) => {
    expect(meaningOf(platform, raw)).toEqual(meaning);
  });

  it('all stand in the table of this test', () => {
    for (const [platform, kinds] of Object.entries(PLATFORM_WORDS)) {
      const raws = CELLS.filter(([name]) => name === platform).flatMap(([, list]) => list).map((raw) => raw.toLowerCase().split('/'));
      for (const [place, kind] of kinds.entries()) for (const word of Object.keys(kind)) expect([platform, word, raws.some((words) => words[place] === word)]).toEqual([platform, word, true]);
    }
  });

  it('say nothing where they are new to us, or try to be something else', () => {
    for (const [platform, raw] of [['SHOPIFY', 'other/other'], ['NOBODY', 'paid'], ['TAOBAO', ''], ['TAOBAO', '__proto__'], ['__proto__', 'constructor'], ['DOUYIN', 'constructor/toString']] as const) {
      expect(meaningOf(platform, raw)).toEqual(means({}));
    }
  });
});
