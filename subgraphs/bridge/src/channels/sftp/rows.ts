import { CsvError, parse } from 'csv-parse/sync';
import type { Column } from './columns.js';
import { placesOf } from './columns.js';

// What stands in a partner's file, row by row, before it means anything.

/** A line that says something, by our names of its columns. A row without an order cannot be told from one of the order before it. */
export interface Row { readonly line: number; readonly cells: Partial<Record<Column, string>>; readonly fault: string | null; /** The line is a whole order: no other has a part in it. */ readonly whole?: true }
/** All rows of a file; or why none of it can be believed, and where. */
export type Rows = { readonly rows: readonly Row[] } | { readonly line: number; readonly fault: string };

export const MOST_BYTES = 8 * 1024 * 1024;
export const MOST_ROWS = 20_000;
const MOST_ROW_BYTES = 64 * 1024;
/** Chinese systems export in GBK, which GB18030 holds; what is UTF-8 is hardly ever both. */
const ENCODINGS = ['utf-8', 'gb18030'] as const;

interface Forms { readonly delimiter: string; readonly nameOf: (theirs: string) => Column | undefined }

/** Reads a CSV or a file of JSON lines, by its name. */
export function rowsOf(name: string, bytes: Buffer, forms: Forms): Rows {
  const text = decode(bytes);
  if (text === null) return { line: 1, fault: 'ENCODING_UNKNOWN' };
  // Half a file often ends in the zeros of a disk's block.
  if (text.includes('\0')) return { line: text.slice(0, text.indexOf('\0')).split('\n').length, fault: 'NUL_INSIDE' };
  return /\.csv$/i.test(name) ? csvRows(text, forms) : jsonRows(text, forms);
}

function decode(bytes: Buffer): string | null {
  const marked = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : null;
  for (const encoding of marked === null ? ENCODINGS : [marked]) {
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(bytes);
    } catch { /* the next one */ }
  }
  return null;
}

function csvRows(text: string, { delimiter, nameOf }: Forms): Rows {
  let end = 0;
  let broken: CsvError | null = null;
  const records = parse(text, {
    delimiter, relax_column_count: true, relax_quotes: true, skip_empty_lines: true, info: true, max_record_size: MOST_ROW_BYTES, to: MOST_ROWS + 2,
    skip_records_with_error: true, on_skip: (error) => { broken ??= error ?? null; return undefined; },
  }) as unknown as readonly { readonly record: readonly string[]; readonly info: { readonly lines: number } }[];
  const [header, ...body] = records;
  const last = records.at(-1);
  // A quote that is never closed swallows what follows: an order before it may go on in there, so none of the file is taken.
  if (broken !== null) return { line: (last?.info.lines ?? 0) + 1, fault: (broken as CsvError).code === 'CSV_MAX_RECORD_SIZE' ? 'ROW_TOO_LONG' : 'QUOTE_NOT_CLOSED' };
  if (header === undefined) return { line: 1, fault: 'EMPTY' };
  if (body.length > MOST_ROWS) return { line: MOST_ROWS + 2, fault: 'TOO_MANY_ROWS' };
  const places = placesOf(header.record, nameOf);
  if ('fault' in places) return { line: 1, fault: places.fault };
  end = header.info.lines;
  return {
    rows: body.flatMap(({ record, info }) => {
      const line = Math.max(end + 1, info.lines - record.join('').split('\n').length + 1);
      end = info.lines;
      if (record.every((cell) => cell.trim() === '')) return [];
      const cells = Object.fromEntries([...places].map(([column, at]) => [column, (record[at] ?? '').trim()]).filter(([, cell]) => cell !== '')) as Row['cells'];
      return [{ line, cells, fault: record.length === header.record.length ? null : 'COLUMNS' }];
    }),
  };
}

/** JSON lines are whole orders: `{"order_id":"…","lines":[{"sku":"…",…}]}`. */
function jsonRows(text: string, { nameOf }: Forms): Rows {
  const rows: Row[] = [];
  for (const [at, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    if (Buffer.byteLength(line) > 16 * MOST_ROW_BYTES) return { line: at + 1, fault: 'ROW_TOO_LONG' };
    rows.push(...jsonRow(line, at + 1, nameOf));
    if (rows.length > MOST_ROWS) return { line: at + 1, fault: 'TOO_MANY_ROWS' };
  }
  return rows.length === 0 ? { line: 1, fault: 'EMPTY' } : { rows };
}

function jsonRow(text: string, line: number, nameOf: Forms['nameOf']): readonly Row[] {
  const order = objectOf(text);
  if (order === null) return [{ line, cells: {}, fault: 'NOT_JSON', whole: true }];
  const shared = cellsOf(order, nameOf);
  const lines = Object.hasOwn(order, 'lines') ? order['lines'] : null;
  if (!Array.isArray(lines) || lines.length === 0) return [{ line, cells: shared, fault: 'NO_LINES', whole: true }];
  return lines.map((one: unknown) => {
    const isObject = typeof one === 'object' && one !== null && !Array.isArray(one);
    return { line, cells: isObject ? { ...shared, ...cellsOf(one as Record<string, unknown>, nameOf) } : shared, fault: isObject ? null : 'NOT_A_LINE', whole: true };
  });
}

type Reviver = (this: unknown, key: string, value: unknown, context: { readonly source?: string }) => unknown;
/** Numbers as their text: ids beyond 2^53 and amounts stay exact. */
const keepSource: Reviver = (_key, value, { source }) => (typeof value === 'number' ? source : value);

function objectOf(text: string): Record<string, unknown> | null {
  try {
    const value = JSON.parse(text, keepSource as (key: string, value: unknown) => unknown) as unknown;
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Record<string, unknown> : null;
  } catch {
    return null;
  }
}

function cellsOf(object: Record<string, unknown>, nameOf: Forms['nameOf']): Row['cells'] {
  const cells: Partial<Record<Column, string>> = {};
  for (const [key, value] of Object.entries(object)) {
    const column = nameOf(key);
    const text = typeof value === 'string' ? value.trim() : typeof value === 'boolean' ? String(value) : '';
    if (column !== undefined && text !== '') cells[column] = text;
  }
  return cells;
}
