import { gbk } from '../gbk.js';
import type { StagedBillLine } from '../stage.js';
import { zip } from '../zip.js';

const COLUMNS = '支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注';
const yuan = (fen: number): string => (fen / 100).toFixed(2);

/** A day's trades as Alipay serves them: a zip of two GBK files, names in GBK too, tabs after ids. */
export function alipayBill(day: string, lines: readonly StagedBillLine[]): Buffer {
  const rows = lines.map(({ paymentId, refundId, amountMinor, feeMinor }, n) => {
    const at = `${day} 12:00:${String(n % 60).padStart(2, '0')}`;
    return [`2026${paymentId}\t`, `${paymentId}\t`, refundId === null ? '交易' : '退款', '杯,茶', at, at, '\t', '\t', '\t', '\t', '*某某(138***01)\t', yuan(amountMinor), yuan(amountMinor), '0.00', '0.00', '0.00', '0.00', '0.00', '', '0.00\t', '0.00', `${refundId ?? ''}\t`, yuan(-feeMinor), '0.00', ''].join(',');
  });
  const sum = (name: string, back: string, of: readonly StagedBillLine[]): string => `#${name}合计：${of.length}笔，商家实收${back}共${yuan(of.reduce((total, { amountMinor }) => total + amountMinor, 0))}元，商家优惠${back}共0.00元`;
  const detail = ['#支付宝业务明细查询', '#账号：[20880000000000010156]', COLUMNS, ...rows, '#-----业务明细列表结束-----',
    sum('交易', '', lines.filter(({ refundId }) => refundId === null)), sum('退款', '退款', lines.filter(({ refundId }) => refundId !== null)), ''].join('\r\n');
  return zip([
    { name: gbk(`业务明细(汇总)_${day}.csv`), content: gbk('#支付宝业务汇总查询\r\n门店编号,交易订单总笔数\r\n合计,1\r\n') },
    { name: gbk(`业务明细_${day}.csv`), content: gbk(detail) },
  ]);
}
