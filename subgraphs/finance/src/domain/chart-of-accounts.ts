// The accounts that entries are booked on: every merchant has the same, one for each currency, made when first needed.

export const ACCOUNT_KINDS = ['ASSET', 'LIABILITY', 'INCOME', 'EXPENSE', 'EQUITY'] as const;
export type AccountKind = (typeof ACCOUNT_KINDS)[number];

export const CHART = {
  'channel-receivable': { kind: 'ASSET', name: { en: 'Receivable from channels', 'zh-CN': '应收平台款' } },
  'channel-difference': { kind: 'ASSET', name: { en: 'Channel differences to be cleared', 'zh-CN': '平台差额（待查）' } },
  'tax-payable': { kind: 'LIABILITY', name: { en: 'Tax payable', 'zh-CN': '应交税费' } },
  'points-liability': { kind: 'LIABILITY', name: { en: 'Points owed to members', 'zh-CN': '会员积分负债' } },
  sales: { kind: 'INCOME', name: { en: 'Sales', 'zh-CN': '商品销售收入' } },
  // Contra income: stands in debit, and lowers what sales show.
  'sales-discount': { kind: 'INCOME', name: { en: 'Sales discounts', 'zh-CN': '销售折扣' } },
  // Contra income too: what went back of sales that stand.
  'sales-refund': { kind: 'INCOME', name: { en: 'Sales refunds', 'zh-CN': '销售退款' } },
  'freight-income': { kind: 'INCOME', name: { en: 'Freight income', 'zh-CN': '运费收入' } },
  'points-expense': { kind: 'EXPENSE', name: { en: 'Points given to members', 'zh-CN': '会员积分费用' } },
} as const satisfies Record<string, { readonly kind: AccountKind; readonly name: { readonly en: string; readonly 'zh-CN': string } }>;

export type AccountCode = keyof typeof CHART;

export const isAccountCode = (code: string): code is AccountCode => Object.hasOwn(CHART, code);
