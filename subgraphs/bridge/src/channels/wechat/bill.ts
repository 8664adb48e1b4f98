import { createHash } from 'node:crypto';
import { PlatformError } from '../../outbound/platform-error.js';
import { fromBeijing } from '../reading/beijing-time.js';
import { assertTotals, cellsOf, fen, namedBy } from '../reading/bill-rows.js';
import type { Bill, BillRow, ClientContext } from '../connector.js';
import { gunzip } from '../reading/unpack.js';
import { unlessGone } from '../asking/unless-gone.js';
import { ask, fetchSigned } from './pay.js';

const FILE = /^https:\/\/api2?\.mch\.weixin\.qq\.com(\/v3\/billdownload\/file\?[\x21-\x7e]+)$/;

/** All trades of a day in Beijing; null until it is ready, at about ten the next morning, or where the day had none. The file is not signed: its hash, in a signed answer, is. */
export async function downloadBill(context: ClientContext, day: string): Promise<Bill | null> {
  const told = await unlessGone(ask(context, 'GET', `/v3/bill/tradebill?bill_date=${day}&bill_type=ALL&tar_type=GZIP`, undefined, true), 'NO_STATEMENT_EXIST', 'STATEMENT_CREATING') as { hash_type?: string; hash_value?: string; download_url?: string } | null;
  if (told === null) return null;
  const path = FILE.exec(told.download_url ?? '')?.[1];
  if (path === undefined) throw new PlatformError('ADDRESS_NOT_ALLOWED');
  const file = gunzip(await fetchSigned(context, path));
  if (told.hash_type !== 'SHA1' || createHash('sha1').update(file).digest('hex') !== told.hash_value?.toLowerCase()) throw new PlatformError('ANSWER_INVALID', { platformCode: 'BILL_HASH' });
  return { fileType: 'CSV', file, rows: rowsOf(file) };
}

/** Its lines: a header, the trades, a header of the sums, the sums. Older bills have fewer columns. */
export function rowsOf(file: Buffer): BillRow[] {
  const lines = file.toString().replace(/^\uFEFF/, '').split(/\r?\n/).filter((line) => line.trim() !== '');
  const sums = lines.findIndex((line) => line.startsWith('总交易单数'));
  if (!lines[0]?.startsWith('交易时间') || sums < 1) throw new PlatformError('ANSWER_INVALID', { platformCode: 'BILL_FORM' });
  const named = namedBy(cellsOf(lines[0]));
  const rows = lines.slice(1, sums).map((line) => rowOf(named(cellsOf(line))));
  const total = namedBy(cellsOf(lines[sums]!))(cellsOf(lines[sums + 1] ?? ''));
  const paid = total('应结订单总金额') || total('总交易额');
  const back = total('退款总金额') || total('总退款金额');
  assertTotals(rows, { count: Number(total('总交易单数')), amountMinor: fen(paid) - fen(back) });
  return rows;
}

function rowOf(cell: ReturnType<ReturnType<typeof namedBy>>): BillRow {
  const isRefund = cell('交易状态') === 'REFUND';
  const occurredAt = fromBeijing(cell('交易时间').replaceAll('：', ':'));
  if (occurredAt === null) throw new PlatformError('ANSWER_INVALID', { platformCode: 'BILL_TIME' });
  return {
    kind: isRefund ? 'REFUND' : 'PAYMENT', paymentId: cell('商户订单号') || null, refundId: isRefund ? cell('商户退款单号') || null : null,
    platformId: isRefund ? cell('微信退款单号') : cell('微信订单号'),
    amountMinor: isRefund ? -fen(cell('退款金额')) : fen(cell('应结订单金额') || cell('总金额')), feeMinor: fen(cell('手续费') || '0'), currency: cell('货币种类') || 'CNY', occurredAt,
  };
}
