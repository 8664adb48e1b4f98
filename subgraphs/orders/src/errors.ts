import type { ErrorEntry } from '@quanyu/subgraph';

const later = (en: string, zh: string): ErrorEntry => ({ en, 'zh-CN': zh, retryable: true });
const no = (en: string, zh: string): ErrorEntry => ({ en, 'zh-CN': zh, retryable: false });

export const ORDERS_ERRORS = {
  ORDER_NOT_FOUND: no('There is no such order, or not in your channels.', '订单不存在或不在您的渠道范围内。'),
  NOT_SHORT: no('This order does not wait for stock.', '该订单并非缺货状态。'),
  ORDER_COMPLETED: no('The order is completed.', '订单已完成。'),
  ORDER_CANCELLED: no('The order has been cancelled.', '订单已取消。'),
  ALREADY_SHIPPED: no('Some of the order is on its way already.', '订单已有商品发出。'),
  NOT_PAID: no('The order is not paid.', '订单尚未支付。'),
  STOCK_NOT_HELD: no('The order waits for its goods.', '订单尚未占用库存。'),
  NOT_SHIPPED: no('The order has not been shipped.', '订单尚未发货。'),
  NO_WAY_BACK: no('An order does not go back to an earlier status.', '订单状态不能倒退。'),
  ALREADY_SO: no('The order has this status already.', '订单已处于该状态。'),
  CHANNEL_DECIDES: no('The channel decides this for its own orders; do it there.', '该订单由渠道管理，请在渠道后台操作。'),
  ON_HOLD: no('The order is on hold.', '订单已暂挂。'),
  NOT_ON_HOLD: no('The order is not on hold.', '订单未被暂挂。'),
  EXCEPTION_OPEN: no('The order has an open exception; resolve it first.', '订单有未处理的异常，请先处理。'),
  ALREADY_PAID: no('The order is paid already.', '订单已支付。'),
  NOTHING_TO_REFUND: no('Nothing is left to give back.', '没有可退的金额。'),
  CHANNEL_NOT_FOUND: no('There is no such shop of ours, or it is closed.', '该自营渠道不存在或已关闭。'),
  LINES_INVALID: no('An order has 1 to 500 lines, each SKU once.', '订单须含 1 至 500 行，且同一 SKU 只能出现一次。'),
  QUANTITY_INVALID: no('The quantity is not a whole number that can be sold.', '数量不是可售的整数。'),
  SKU_UNKNOWN: no('There is no such SKU.', '商品不存在。'),
  NO_PRICE: no('It has no price here now.', '该商品当前没有可用价格。'),
  AMOUNT_TOO_LARGE: no('The amount is too large.', '金额过大。'),
  PRICE_CHANGED: no('The total is another one by now; show it to the buyer and ask again.', '价格已变化，请确认后重新提交。'),
  ADDRESS_INVALID: no('Give a name, a street and a phone number that can be called.', '请填写姓名、详细地址和有效电话。'),
  MEMBER_REQUIRED: no('Say for which member, or sign in as one.', '请指定会员或以会员身份登录。'),
  STOCK_SHORT: later('There is not enough of it; the shortages say of what.', '库存不足，详见缺货明细。'),
  STOCK_BUSY: later('Too many are buying at this moment; try again.', '当前抢购人数过多，请稍后重试。'),
  HOLD_ENDED: no('The hold of this order has ended; order anew with another key.', '该订单的库存占用已结束，请更换幂等键重新下单。'),
  PAYMENT_TIME_OVER: no('The time to pay has passed.', '支付时间已过。'),
  PROVIDER_REFUSED: later('The payment platform has refused; try again or pay in another way.', '支付平台拒绝，请重试或更换支付方式。'),
  PROVIDER_UNAVAILABLE: later('The payment platform does not answer; try again.', '支付平台暂不可用，请稍后重试。'),
  AMOUNT_DIFFERS: no('This is not what the order costs.', '金额与订单应付不符。'),
  NAME_INVALID: no('Give a name of 1 to 100 characters.', '名称须为 1 至 100 字。'),
  CURRENCY_UNKNOWN: no('There is no such currency.', '货币代码不存在。'),
  REASON_INVALID: no('Say why, in 1 to 200 characters.', '请填写原因，1 至 200 字。'),
  RULE_INVALID: no('Give a whole number of days from 1 to 180.', '请填写 1 至 180 的整天数。'),
} as const satisfies Record<string, ErrorEntry>;

export type OrdersErrorCode = keyof typeof ORDERS_ERRORS;
