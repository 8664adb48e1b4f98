import type { ErrorEntry } from '@quanyu/subgraph';

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
  REASON_INVALID: no('Say why, in 1 to 200 characters.', '请填写原因，1 至 200 字。'),
  RULE_INVALID: no('Give a whole number of days from 1 to 180.', '请填写 1 至 180 的整天数。'),
} as const satisfies Record<string, ErrorEntry>;

export type OrdersErrorCode = keyof typeof ORDERS_ERRORS;
