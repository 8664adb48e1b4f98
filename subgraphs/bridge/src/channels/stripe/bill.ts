import { PlatformError } from '../../outbound/platform-error.js';
import type { JsonObject } from '../asking/answer-object.js';
import type { Bill, BillRow } from '../connector.js';

const PAGE = 100;
/** A day with more has a fault. */
const PAGES = 1_000;
const KINDS: Readonly<Record<string, BillRow['kind']>> = { charge: 'PAYMENT', payment: 'PAYMENT', refund: 'REFUND', payment_refund: 'REFUND', payout: 'PAYOUT' };

interface Transaction {
  readonly id: string; readonly type: string; readonly amount: string; readonly fee: string; readonly currency: string; readonly created: string;
  readonly source?: { readonly id?: string; readonly metadata?: Readonly<Record<string, string>> } | string | null;
}

/** What moved on an account's balance on a day, by UTC. There is no file: the pages are kept as they came. @param get a call of its API */
export async function downloadBill(day: string, get: (path: string, query: Readonly<Record<string, string>>) => Promise<JsonObject>): Promise<Bill> {
  const from = Date.parse(`${day}T00:00:00Z`) / 1000;
  const [lines, rows]: [string[], BillRow[]] = [[], []];
  for (let after: string | null = null, pages = 0; pages < PAGES; pages += 1) {
    const { data, has_more: more } = await get('/v1/balance_transactions', {
      'created[gte]': String(from), 'created[lt]': String(from + 86_400), limit: String(PAGE), 'expand[]': 'data.source', ...(after !== null && { starting_after: after }),
    }) as { data?: readonly Transaction[]; has_more?: boolean };
    if (!Array.isArray(data)) throw new PlatformError('ANSWER_INVALID');
    for (const one of data as readonly Transaction[]) { lines.push(JSON.stringify(one)); rows.push(rowOf(one)); }
    if (more !== true || data.length === 0) return { fileType: 'JSONL', file: Buffer.from(lines.join('\n')), rows };
    after = (data as readonly Transaction[]).at(-1)!.id;
  }
  throw new PlatformError('ANSWER_INVALID', { platformCode: 'BILL_TOO_LONG' });
}

function rowOf({ id, type, amount, fee, currency, created, source }: Transaction): BillRow {
  if (![amount, fee].every((text) => /^-?\d{1,15}$/.test(text)) || !/^\d{1,11}$/.test(created)) throw new PlatformError('ANSWER_INVALID', { platformCode: 'BILL_AMOUNT' });
  const metadata = typeof source === 'object' && source !== null ? source.metadata ?? {} : {};
  return {
    kind: KINDS[type] ?? 'OTHER', paymentId: metadata['payment_id'] ?? null, refundId: metadata['refund_id'] ?? null, platformId: id,
    amountMinor: Number(amount), feeMinor: Number(fee), currency: currency.toUpperCase(), occurredAt: new Date(Number(created) * 1000),
  };
}
