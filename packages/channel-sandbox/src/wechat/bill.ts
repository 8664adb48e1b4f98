import type { StagedBillLine } from '../stage.js';

const COLUMNS = '交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注';
const yuan = (fen: number, digits = 2): string => (fen / 100).toFixed(digits);

/** A bill of all trades of a day: a back-tick before each value, sums at the end. */
export function wechatBill(day: string, lines: readonly StagedBillLine[]): string {
  const rows = lines.map(({ paymentId, refundId, amountMinor, feeMinor }, n) => [
    `${day} 12:00:${String(n % 60).padStart(2, '0')}`, 'wx000000000000fa01', '1900000001', '0', '', `42000${paymentId}`, paymentId, 'oFAKEOPENID', 'JSAPI', refundId === null ? 'SUCCESS' : 'REFUND', 'OTHERS', 'CNY',
    yuan(refundId === null ? amountMinor : 0), '0.00', refundId === null ? '0' : `50${refundId}`, refundId ?? '0', yuan(refundId === null ? 0 : -amountMinor), '0.00', '', refundId === null ? '' : 'SUCCESS', '杯,茶', '',
    yuan(feeMinor, 5), '0.60%', yuan(refundId === null ? amountMinor : 0), yuan(refundId === null ? 0 : -amountMinor), '',
  ].map((value) => `\`${value}`).join(','));
  const sum = (of: readonly StagedBillLine[]): number => of.reduce((total, { amountMinor }) => total + amountMinor, 0);
  const [paid, back] = [sum(lines.filter(({ refundId }) => refundId === null)), -sum(lines.filter(({ refundId }) => refundId !== null))];
  return [COLUMNS, ...rows, '总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额',
    [String(lines.length), yuan(paid), yuan(back), '0.00', yuan(lines.reduce((total, { feeMinor }) => total + feeMinor, 0), 5), yuan(paid), yuan(back)].map((value) => `\`${value}`).join(','), ''].join('\r\n');
}
