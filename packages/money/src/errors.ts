const MESSAGES = {
  UNKNOWN_CURRENCY: {
    en: 'The currency is not an ISO 4217 code such as CNY.',
    'zh-CN': '币种不是有效的 ISO 4217 代码(例如 CNY)。',
  },
  CURRENCY_MISMATCH: {
    en: 'Amounts of different currencies do not add up.',
    'zh-CN': '不同币种的金额不能直接运算。',
  },
  INVALID_AMOUNT: {
    en: 'The amount is not a plain decimal number such as 19.99.',
    'zh-CN': '金额不是普通十进制数(例如 19.99)。',
  },
  TOO_MANY_DECIMALS: {
    en: 'The amount has more decimals than its currency.',
    'zh-CN': '金额的小数位超过该币种允许的位数。',
  },
  AMOUNT_OUT_OF_RANGE: {
    en: 'The amount is not a whole number of minor units within ±9007199254740991.',
    'zh-CN': '金额超出可精确表示的范围,或不是最小单位的整数。',
  },
  INVALID_WEIGHTS: {
    en: 'An amount is divided by whole weights from zero up, at least one of them above zero.',
    'zh-CN': '分摊权重必须是非负整数,且至少一个大于零。',
  },
} as const;

/** What can be wrong with an amount of money. */
export type MoneyErrorCode = keyof typeof MESSAGES;

/** The refusal to make, read or compute an amount: rather none than one that is off by a cent. */
export class MoneyError extends Error {
  readonly messages: { readonly en: string; readonly 'zh-CN': string };

  constructor(readonly code: MoneyErrorCode) {
    super(MESSAGES[code].en);
    this.name = 'MoneyError';
    this.messages = MESSAGES[code];
  }
}
