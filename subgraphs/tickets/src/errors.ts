import type { ErrorEntry } from '@quanyu/subgraph';

export const TICKETS_ERRORS = {
  TICKET_NOT_FOUND: { en: 'There is no such ticket.', 'zh-CN': '工单不存在。', retryable: false },
  // Retryable, since an order of this second may not have reached us yet.
  ORDER_NOT_FOUND: { en: 'There is no such order in the channels that you see.', 'zh-CN': '您可见的渠道中没有该订单。', retryable: true },
  SUBJECT_INVALID: { en: 'A subject has 1 to 2000 characters.', 'zh-CN': '主题须为 1 至 2000 个字符。', retryable: false },
  MOVE_NOT_ALLOWED: { en: 'The status of this ticket does not allow that.', 'zh-CN': '工单当前状态不允许此操作。', retryable: false },
  VERSION_CONFLICT: { en: 'Somebody changed this ticket meanwhile; read it again.', 'zh-CN': '工单已被他人修改，请重新读取。', retryable: true },
} as const satisfies Record<string, ErrorEntry>;

export type TicketsErrorCode = keyof typeof TICKETS_ERRORS;
