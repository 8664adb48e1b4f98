import { money, parseDecimal } from '@quanyu/money';
import { PlatformError } from '../../outbound/platform-error.js';
import type { BillRow } from '../connector.js';

// Bills of payment platforms: lines of cells, read by the names of their columns, since platforms add columns.

/**
 * The cells of a line. A back-tick before each value, or a tab behind it, keeps a spreadsheet from harming numbers and is
 * no part of it. Nothing is quoted: where commas in a name make more cells than there are columns, they belong to `free`.
 */
export function cellsOf(line: string, columns?: { readonly count: number; readonly free: number }): string[] {
  const cells = line.startsWith('`') ? line.slice(1).split(',`') : line.split(',');
  const more = columns === undefined ? 0 : cells.length - columns.count;
  const whole = more > 0 ? cells.toSpliced(columns!.free, more + 1, cells.slice(columns!.free, columns!.free + more + 1).join(',')) : cells;
  return whole.map((cell) => cell.trim());
}

/** A line by the names of its columns. */
export type Named = (name: string) => string;
export function namedBy(header: readonly string[]): (cells: readonly string[]) => Named {
  const place = new Map(header.map((name, at) => [name, at]));
  return (cells) => (name) => cells[place.get(name) ?? -1] ?? '';
}

const invalid = (platformCode: string): PlatformError => new PlatformError('ANSWER_INVALID', { platformCode });

/** Yuan in fen. Fees come with more digits than there are fen: they were taken rounded half up. @throws PlatformError `ANSWER_INVALID` */
export function fen(text: string): number {
  const read = /^(-?)(\d{1,12})(?:\.(\d{1,8}))?$/.exec(text);
  if (read === null) throw invalid('BILL_AMOUNT');
  const [, sign, whole, digits = ''] = read;
  const minor = parseDecimal(`${whole}.${digits.slice(0, 2).padEnd(2, '0')}`, 'CNY').amountMinor + (Number(digits[2] ?? '0') >= 5 ? 1 : 0);
  return money(sign === '-' && minor !== 0 ? -minor : minor, 'CNY').amountMinor;
}

/** What of a bill is news of what: its lines must come to what its last line says. @throws PlatformError `ANSWER_INVALID` where they do not */
export function assertTotals(rows: readonly BillRow[], told: { readonly count: number; readonly amountMinor: number }): void {
  if (rows.length !== told.count || rows.reduce((sum, { amountMinor }) => sum + amountMinor, 0) !== told.amountMinor) throw invalid('BILL_TOTALS');
}
