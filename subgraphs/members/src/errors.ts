import type { ErrorEntry } from '@quanyu/subgraph';

export const MEMBERS_ERRORS = {
  CURRENCY_UNKNOWN: { en: 'There is no such currency.', 'zh-CN': '没有这种货币。', retryable: false },
  RATE_INVALID: { en: 'A rate is 1 to 10000 points for each major unit of the currency.', 'zh-CN': '积分比例须为每单位货币 1 至 10000 分。', retryable: false },
  MEMBER_NOT_FOUND: { en: 'There is no such member.', 'zh-CN': '会员不存在。', retryable: false },
  PERIODS_INVALID: { en: 'Give a whole number of months or years from 1 to 36.', 'zh-CN': '请填写 1 至 36 的整数期数。', retryable: false },
  NO_MEMBERSHIP: { en: 'The member holds no such card now.', 'zh-CN': '该会员当前没有此会员卡。', retryable: false },
  MEMBER_REQUIRED: { en: 'Only members have an address book; sign in as one.', 'zh-CN': '仅会员拥有地址簿，请以会员身份登录。', retryable: false },
  ADDRESS_INVALID: { en: 'Give a name, a street and a phone number that can be called.', 'zh-CN': '请填写姓名、详细地址和有效电话。', retryable: false },
  ADDRESS_NOT_FOUND: { en: 'You have no such address.', 'zh-CN': '地址不存在。', retryable: false },
  LABEL_INVALID: { en: 'A label has 40 characters at most.', 'zh-CN': '标签最多 40 字。', retryable: false },
  TOO_MANY_ADDRESSES: { en: 'A book has 50 addresses at most.', 'zh-CN': '地址最多 50 个。', retryable: false },
} as const satisfies Record<string, ErrorEntry>;

export type MembersErrorCode = keyof typeof MEMBERS_ERRORS;
