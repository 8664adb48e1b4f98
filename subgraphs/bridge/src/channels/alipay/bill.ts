import { PlatformError } from '../../outbound/platform-error.js';
import { fromBeijing } from '../reading/beijing-time.js';
import { assertTotals, cellsOf, fen, namedBy } from '../reading/bill-rows.js';
import type { Bill, BillRow, ClientContext } from '../connector.js';
import { unzip } from '../reading/unpack.js';
import { unlessGone } from '../asking/unless-gone.js';

const FILE_HOST = /^dwbillcenter\.alipay(dev)?\.com$/;

/** All trades of a day in Beijing, from a zip of GBK files; null until it is ready, at about ten the next morning. @param call the signed call of its gateway */
export async function downloadBill(context: ClientContext, day: string, call: (method: string, business: object) => Promise<object>): Promise<Bill | null> {
  const told = await unlessGone(call('alipay.data.dataservice.bill.downloadurl.query', { bill_type: 'trade', bill_date: day }), 'isp.bill_not_exist');
  if (told === null) return null;
  const { bill_download_url: url = '' } = told as { bill_download_url?: string };
  // Good for thirty seconds, and of Alipay's own host.
  if (!URL.canParse(url) || !FILE_HOST.test(new URL(url).hostname)) throw new PlatformError('ADDRESS_NOT_ALLOWED');
  const { body } = await context.line.send({ method: 'GET', url, repeatable: true });
  return { fileType: 'ZIP', file: body, rows: rowsOf(unzip(body)) };
}

/** The lines of the file that lists trades; another beside it only sums them up. Names of files are GBK and are not looked at. */
export function rowsOf(files: readonly Buffer[]): BillRow[] {
  for (const file of files) {
    const lines = new TextDecoder('gbk', { fatal: true }).decode(file).split(/\r?\n/);
    const at = lines.findIndex((line) => line.startsWith('支付宝交易号,商户订单号,业务类型'));
    if (at < 0) continue;
    const header = cellsOf(lines[at]!);
    const named = namedBy(header);
    const columns = { count: header.length, free: header.indexOf('商品名称') };
    const rows = lines.slice(at + 1).filter((line) => line.trim() !== '' && !line.startsWith('#')).map((line) => rowOf(named(cellsOf(line, columns))));
    assertTotals(rows, totalsOf(lines));
    return rows;
  }
  throw new PlatformError('ANSWER_INVALID', { platformCode: 'BILL_FORM' });
}

/** `#交易合计：6笔，商家实收共0.06元，…` and the same of refunds. */
function totalsOf(lines: readonly string[]): { count: number; amountMinor: number } {
  const sums = lines.flatMap((line) => { const sum = /^#(?:交易|退款)合计：(\d{1,9})笔，商家实收(?:退款)?共(-?[\d.]+)元/.exec(line); return sum === null ? [] : [{ count: Number(sum[1]), amountMinor: fen(sum[2]!) }]; });
  if (sums.length === 0) throw new PlatformError('ANSWER_INVALID', { platformCode: 'BILL_TOTALS' });
  return { count: sums.reduce((sum, { count }) => sum + count, 0), amountMinor: sums.reduce((sum, { amountMinor }) => sum + amountMinor, 0) };
}

function rowOf(cell: ReturnType<ReturnType<typeof namedBy>>): BillRow {
  const kind = cell('业务类型') === '退款' ? 'REFUND' : cell('业务类型') === '交易' ? 'PAYMENT' : 'OTHER';
  const occurredAt = fromBeijing(cell('完成时间') || cell('创建时间'));
  if (occurredAt === null) throw new PlatformError('ANSWER_INVALID', { platformCode: 'BILL_TIME' });
  return {
    kind, paymentId: cell('商户订单号') || null, refundId: kind === 'REFUND' ? cell('退款批次号/请求号') || null : null, platformId: cell('支付宝交易号'),
    amountMinor: fen(cell('商家实收（元）')), feeMinor: Math.abs(fen(cell('服务费（元）') || '0')), currency: 'CNY', occurredAt,
  };
}
