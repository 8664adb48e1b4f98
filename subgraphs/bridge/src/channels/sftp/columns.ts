import type { AccountField } from '../connector.js';

/** What a file says of a whole order, on each of its rows or on the first. */
export const ORDER_COLUMNS = [
  'order_id', 'order_number', 'status', 'placed_at', 'updated_at', 'currency', 'shipping', 'discount', 'tax', 'tax_included', 'total',
  'buyer_id', 'buyer_name', 'buyer_phone', 'buyer_email', 'name', 'phone', 'address1', 'address2', 'city', 'province', 'postal_code', 'country',
  'shipping_method', 'buyer_note', 'gift_note', 'instructions', 'seller_note',
] as const;
/** What it says of one line. */
export const LINE_COLUMNS = ['line_id', 'sku', 'title', 'quantity', 'unit_price', 'line_discount'] as const;
const NEEDED = ['order_id', 'sku', 'quantity', 'unit_price'] as const;

export type Column = (typeof ORDER_COLUMNS)[number] | (typeof LINE_COLUMNS)[number];
const COLUMNS: readonly Column[] = [...ORDER_COLUMNS, ...LINE_COLUMNS];

/** What a partner calls our columns, `{"order_id":"订单编号"}`; those that are not named are called as we call them. */
export const COLUMNS_FIELD: AccountField = {
  name: 'columns', secret: false, standard: '',
  form: new RegExp(`^(\\{( *"(${COLUMNS.join('|')})" *: *"[^"\\\\\\p{Cc}]{1,100}" *(,(?= *")|(?=\\})))+\\})?$`, 'u'),
};

const heard = (name: string): string => name.normalize('NFKC').trim().toLowerCase();

/** Our name of what a partner calls a column; undefined for what means nothing to us. */
export function columnNames(setting: string): (theirs: string) => Column | undefined {
  const told = setting === '' ? {} : JSON.parse(setting) as Partial<Record<Column, string>>;
  const names = new Map(COLUMNS.map((column) => [heard(told[column] ?? column), column]));
  return (theirs) => names.get(heard(theirs));
}

/** Where each column stands in a header, or what is wrong with it. */
export function placesOf(header: readonly string[], nameOf: (theirs: string) => Column | undefined): ReadonlyMap<Column, number> | { readonly fault: string } {
  const places = new Map<Column, number>();
  for (const [at, cell] of header.entries()) {
    const column = nameOf(cell);
    if (column === undefined) continue;
    // Which of two is meant, nobody knows.
    if (places.has(column)) return { fault: `HEADER_TWICE ${column}` };
    places.set(column, at);
  }
  const missing = NEEDED.find((column) => !places.has(column));
  return missing === undefined ? places : { fault: `HEADER_MISSING ${missing}` };
}
