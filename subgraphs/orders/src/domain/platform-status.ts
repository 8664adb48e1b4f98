// What a platform's words for its states mean here: one table of truth, platform by platform, word by word.
import { ORDER_STATUSES, type OrderStatus } from './order-state.js';

/** An after-sale as the documents count it: 售后中, or 退款中 once only the money is missing. */
export const AFTER_SALE_STAGES = ['NONE', 'AFTER_SALE', 'REFUNDING'] as const;
export type AfterSaleStage = (typeof AFTER_SALE_STAGES)[number];

/** What one word says. A word without a status leaves that to the others: `paid` says nothing of the parcel. */
interface Mark { readonly status?: OrderStatus; readonly partlyShipped?: true; readonly refunded?: true; readonly afterSale?: AfterSaleStage }

export interface PlatformMeaning {
  /** Null where the words leave it open, or are unknown: the facts that we know stay. */
  readonly status: OrderStatus | null;
  readonly partlyShipped: boolean;
  /** Reports keep what was cancelled apart from what was refunded. */
  readonly refunded: boolean;
  readonly afterSale: AfterSaleStage;
}

const PENDING: Mark = { status: 'PENDING_PAYMENT' };
const TO_SHIP: Mark = { status: 'TO_SHIP' };
const IN_PART: Mark = { status: 'TO_SHIP', partlyShipped: true };
const SHIPPED: Mark = { status: 'SHIPPED' };
const COMPLETED: Mark = { status: 'COMPLETED' };
const CANCELLED: Mark = { status: 'CANCELLED' };
/** Ended by a refund: before shipping that is a cancellation, after it only the money has moved. */
const REFUNDED: Mark = { status: 'CANCELLED', refunded: true };
const OPEN_CASE: Mark = { afterSale: 'AFTER_SALE' };
const MONEY_BACK: Mark = { afterSale: 'REFUNDING' };
const SILENT: Mark = {};

const all = (words: string, mark: Mark): Record<string, Mark> => Object.fromEntries(words.split(' ').map((word) => [word, mark]));

/** Of each platform its kinds of state, in the order in which its raw status names them, joined by `/`. */
export const PLATFORM_WORDS: Readonly<Record<string, readonly Readonly<Record<string, Mark>>[]>> = {
  SHOPIFY: [
    { ...all('pending authorized partially_paid', PENDING), ...all('paid partially_refunded', SILENT), ...all('voided expired', CANCELLED), refunded: REFUNDED },
    {
      ...all('unfulfilled open in_progress on_hold scheduled pending_fulfillment restocked request_declined', TO_SHIP),
      ...all('partial partially_fulfilled', IN_PART), fulfilled: SHIPPED,
    },
    { ...all('delivered closed', COMPLETED), return_open: OPEN_CASE, refund_pending: MONEY_BACK },
  ],
  SHOPLAZZA: [
    { opened: PENDING, placed: SILENT, finished: COMPLETED, cancelled: CANCELLED },
    {
      ...all('waiting paying authorized partially_paid failed', PENDING), ...all('paid partially_refunded', SILENT),
      ...all('refunding refund_failed', MONEY_BACK), refunded: REFUNDED, cancelled: CANCELLED,
    },
    {
      // A cancelled fulfilment alone ends nothing: its parcels may be packed anew.
      ...all('initialled waiting cancelled', TO_SHIP), partially_shipped: IN_PART, ...all('shipped partially_finished returned partially_returned', SHIPPED),
      finished: COMPLETED, returning: { ...SHIPPED, ...OPEN_CASE },
    },
  ],
  TAOBAO: [
    {
      ...all('trade_no_create_pay wait_buyer_pay pay_pending wait_pre_auth_confirm', PENDING),
      ...all('wait_seller_send_goods paid_forbid_consign', TO_SHIP), seller_consigned_part: IN_PART,
      ...all('wait_buyer_confirm_goods trade_buyer_signed', SHIPPED), trade_finished: COMPLETED, trade_closed_by_taobao: CANCELLED, trade_closed: REFUNDED,
    },
    {
      ...all('wait_seller_agree wait_buyer_return_goods wait_seller_confirm_goods seller_refuse_buyer', OPEN_CASE), refund_agreed: MONEY_BACK,
      ...all('closed success no_refund', SILENT),
    },
  ],
  DOUYIN: [
    { 1: PENDING, ...all('2 105', TO_SHIP), 101: IN_PART, 3: SHIPPED, 5: COMPLETED, 4: CANCELLED },
    { 103: PENDING, ...all('21 22', REFUNDED), 39: { ...COMPLETED, refunded: true } },
    all('6 7 11 13 14 29', OPEN_CASE),
    all('1 2', MONEY_BACK),
  ],
  XIAOHONGSHU: [
    { 1: PENDING, ...all('2 3 4', TO_SHIP), 5: IN_PART, 6: SHIPPED, 7: COMPLETED, ...all('8 9', CANCELLED), 10: OPEN_CASE },
    all('2 6', OPEN_CASE),
    { refund: MONEY_BACK },
  ],
  PINDUODUO: [
    { 1: TO_SHIP, 2: SHIPPED, 3: COMPLETED },
    { 2: OPEN_CASE, 3: MONEY_BACK, 4: REFUNDED },
    { ...all('2 3 7 8 14 15 16 17 18', OPEN_CASE), ...all('4 5', MONEY_BACK) },
  ],
  WECHAT_PAY: [{ ...all('notpay userpaying payerror', PENDING), success: TO_SHIP, ...all('closed revoked', CANCELLED), refund: MONEY_BACK }],
  ALIPAY: [{ wait_buyer_pay: PENDING, trade_success: TO_SHIP, trade_finished: COMPLETED, trade_closed: CANCELLED }, { refunding: MONEY_BACK }],
  SHIPSTATION: [{ awaiting_payment: PENDING, ...all('awaiting_shipment on_hold pending_fulfillment', TO_SHIP), shipped: SHIPPED, cancelled: CANCELLED }],
};

const NOTHING: PlatformMeaning = { status: null, partlyShipped: false, refunded: false, afterSale: 'NONE' };
const rank = (status: OrderStatus): number => ORDER_STATUSES.indexOf(status);

/** What a raw status means; words that are new to us say nothing. */
export function meaningOf(platform: string, rawStatus: string): PlatformMeaning {
  const kinds = Object.hasOwn(PLATFORM_WORDS, platform) ? PLATFORM_WORDS[platform]! : [];
  const words = rawStatus.toLowerCase().split('/');
  const marks = kinds.flatMap((kind, place) => (Object.hasOwn(kind, words[place] ?? '') ? [kind[words[place]!]!] : []));
  if (marks.length === 0) return NOTHING;
  const told = marks.flatMap(({ status }) => status ?? []);
  const underWay = told.filter((status) => status !== 'CANCELLED');
  const sent = underWay.some((status) => rank(status) >= rank('SHIPPED'));
  const inOrder = underWay.toSorted((a, b) => rank(a) - rank(b));
  const behind = inOrder[0] ?? null;
  // What has been sent is not cancelled any more. The kind that is furthest behind tells (paid and not sent is to ship),
  // except that of the kinds that all count it as sent, one knows that it has arrived.
  const status = told.includes('CANCELLED') && !sent ? 'CANCELLED' : behind !== null && rank(behind) >= rank('SHIPPED') ? inOrder.at(-1)! : behind;
  return {
    status,
    partlyShipped: marks.some((mark) => mark.partlyShipped === true),
    refunded: marks.some((mark) => mark.refunded === true),
    afterSale: marks.some((mark) => mark.afterSale === 'REFUNDING') ? 'REFUNDING' : marks.some((mark) => mark.afterSale === 'AFTER_SALE') ? 'AFTER_SALE' : 'NONE',
  };
}
