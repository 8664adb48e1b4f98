// A row of an export: what may stand in clear, and beside it what is sealed. A cell that a spreadsheet would take for a
// formula begins with an apostrophe (OWASP: CSV injection).

export const EXPORT_COLUMNS = ['order_id', 'order_number', 'platform', 'channel_order_id', 'status', 'placed_at', 'paid_at', 'currency', 'total', 'refunded', 'goods', 'name', 'phone', 'province', 'city', 'sealed_receiver'] as const;
export type ExportRow = Readonly<Record<(typeof EXPORT_COLUMNS)[number], string>>;

export function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export const csvLine = (row: ExportRow): string => `${EXPORT_COLUMNS.map((column) => csvCell(row[column])).join(',')}\r\n`;
export const CSV_HEADER = `${EXPORT_COLUMNS.join(',')}\r\n`;
