import type { ErrorEntry } from '@quanyu/subgraph';

export const MEMBERS_ERRORS = {
  CURRENCY_UNKNOWN: { en: 'There is no such currency.', 'zh-CN': '没有这种货币。', retryable: false },
  RATE_INVALID: { en: 'A rate is 1 to 10000 points for each major unit of the currency.', 'zh-CN': '积分比例须为每单位货币 1 至 10000 分。', retryable: false },
} as const satisfies Record<string, ErrorEntry>;

export type MembersErrorCode = keyof typeof MEMBERS_ERRORS;
