import type { ErrorEntry } from '@quanyu/subgraph';

export const ORDERS_ERRORS = {
  ORDER_NOT_FOUND: { en: 'There is no such order, or not in your channels.', 'zh-CN': '订单不存在或不在您的渠道范围内。', retryable: false },
  NOT_SHORT: { en: 'This order does not wait for stock.', 'zh-CN': '该订单并非缺货状态。', retryable: false },
} as const satisfies Record<string, ErrorEntry>;

export type OrdersErrorCode = keyof typeof ORDERS_ERRORS;
