// A file of stock is read row by row: what cannot be read is refused with its row number and its reason, and the rest goes on.

export type ImportFormat = 'CSV' | 'JSONL';
/** SET: the quantity is what was counted. ADJUST: it is added, and may be negative. */
export type ImportMode = 'SET' | 'ADJUST';

export const ROW_REFUSALS = ['ROW_MALFORMED', 'QUANTITY_INVALID', 'SKU_UNKNOWN', 'LOCATION_UNKNOWN', 'BELOW_ZERO', 'BELOW_RESERVED'] as const;
export type RowRefusal = (typeof ROW_REFUSALS)[number];

export interface ImportRow { readonly row: number; readonly sku: string; readonly location: string; readonly quantity: number }
export type ReadRow = { readonly kind: 'row'; readonly value: ImportRow } | { readonly kind: 'refused'; readonly row: number; readonly code: RowRefusal; readonly line: string } | { readonly kind: 'empty' };

/** Where each column stands in a CSV file. */
export interface Columns { readonly sku: number; readonly location: number | null; readonly quantity: number }

/** Longer lines are no rows of stock; of a refused one this much is kept. */
const LONGEST_LINE = 2_000;
const KEPT_OF_LINE = 200;
const MOST_UNITS = 2_000_000_000;
const WHOLE = /^[+-]?\d{1,10}$/;

/** The fields of a CSV line by RFC 4180, except that none may hold a line break; null when the quotes do not close. */
export function csvFields(line: string): string[] | null {
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    if (line[at] === '"') {
      let field = '';
      for (at += 1; ; at += 1) {
        if (at >= line.length) return null;
        if (line[at] !== '"') field += line[at];
        else if (line[at + 1] === '"') { field += '"'; at += 1; } else break;
      }
      at += 1;
      if (at < line.length && line[at] !== ',') return null;
      fields.push(field);
    } else {
      const end = line.indexOf(',', at);
      fields.push(line.slice(at, end === -1 ? undefined : end).trim());
      at = end === -1 ? line.length : end;
    }
    if (at >= line.length) return fields;
    at += 1;
    if (at === line.length) return [...fields, ''];
  }
}

/** Reads the header of a CSV file: `sku` and `quantity`, and `location` if there are several; null when it is no such header. */
export function columnsOf(header: string): Columns | null {
  const names = csvFields(header.replace(/^\uFEFF/, ''))?.map((name) => name.trim().toLowerCase());
  if (names === undefined) return null;
  const [sku, location, quantity] = ['sku', 'location', 'quantity'].map((name) => names.indexOf(name)) as [number, number, number];
  return sku === -1 || quantity === -1 ? null : { sku, quantity, location: location === -1 ? null : location };
}

interface Fields { readonly sku: unknown; readonly location: unknown; readonly quantity: unknown }

function csvRow(line: string, columns: Columns): Fields | null {
  const fields = csvFields(line);
  return fields === null ? null : { sku: fields[columns.sku], location: columns.location === null ? undefined : fields[columns.location], quantity: fields[columns.quantity] };
}

function jsonRow(line: string): Fields | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as unknown as Fields) : null;
  } catch {
    return null;
  }
}

function quantityOf(value: unknown, mode: ImportMode): number | null {
  const number = typeof value === 'number' ? value : typeof value === 'string' && WHOLE.test(value) ? Number(value) : NaN;
  return Number.isInteger(number) && Math.abs(number) <= MOST_UNITS && (mode === 'ADJUST' || number >= 0) ? number : null;
}

/** Control characters and halves of characters are no names, and a database would choke on them. */
const isName = (value: unknown): value is string =>
  typeof value === 'string' && value.trim() !== '' && value.length <= 128 && !/[\p{Cc}\p{Cs}]/u.test(value);

/** As much of a refused line as is kept; whole characters. */
export const beginningOf = (line: string): string => line.slice(0, KEPT_OF_LINE).replace(/[\0\p{Cs}]/gu, '\uFFFD');

export function readRow(line: string, row: number, { columns, mode, defaultLocation }: { readonly columns: Columns | null; readonly mode: ImportMode; readonly defaultLocation: string }): ReadRow {
  const refused = (code: RowRefusal): ReadRow => ({ kind: 'refused', row, code, line: beginningOf(line) });
  if (line.trim() === '') return { kind: 'empty' };
  if (line.length > LONGEST_LINE || line.includes('\0')) return refused('ROW_MALFORMED');
  const fields = columns === null ? jsonRow(line) : csvRow(line, columns);
  if (fields === null || !isName(fields.sku)) return refused('ROW_MALFORMED');
  const location = fields.location === undefined || fields.location === null || fields.location === '' ? defaultLocation : fields.location;
  if (!isName(location)) return refused('ROW_MALFORMED');
  const quantity = quantityOf(fields.quantity, mode);
  if (quantity === null) return refused('QUANTITY_INVALID');
  return { kind: 'row', value: { row, sku: fields.sku.trim(), location: location.trim(), quantity } };
}

/** A field of a CSV file that a table program may open: a leading sign of a formula would be run there. */
export const csvField = (text: string): string => {
  const tame = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(tame) ? `"${tame.replaceAll('"', '""')}"` : tame;
};
