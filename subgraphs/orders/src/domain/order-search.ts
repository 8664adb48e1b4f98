// What people type to find orders: `status:to_ship created_at:>=2026-01-01 has:exception #1002`. What is not understood is said, never ignored.
import { ORDER_STATUSES, type OrderStatus } from './order-state.js';

export interface OrderSearch {
  readonly statuses?: readonly OrderStatus[];
  readonly channelIds?: readonly string[];
  readonly skuId?: string;
  readonly hasException?: boolean;
  readonly onHold?: boolean;
  readonly inAfterSale?: boolean;
  readonly placedFrom?: Date;
  readonly placedBefore?: Date;
  readonly text?: string;
}
export type Parsed = { readonly kind: 'search'; readonly search: OrderSearch } | { readonly kind: 'refused'; readonly term: string };

const LONGEST = 500;
const MOST_TERMS = 20;
const ID = /^[a-z]{3}_[0-9a-z]{26}$/;
const DAY = /^(>=|<)(\d{4}-\d{2}-\d{2})$/;

type Reader = (value: string) => OrderSearch | null;
const flag = (name: 'onHold'): Reader => (value) => (value === 'true' || value === 'false' ? { [name]: value === 'true' } : null);

const READERS: Readonly<Record<string, Reader>> = {
  status: (value) => {
    const statuses = value.toUpperCase().split(',');
    return statuses.every((status) => (ORDER_STATUSES as readonly string[]).includes(status)) ? { statuses: statuses as OrderStatus[] } : null;
  },
  channel: (value) => (value.split(',').every((id) => ID.test(id) && id.startsWith('con_')) ? { channelIds: value.split(',') } : null),
  sku: (value) => (ID.test(value) && value.startsWith('sku_') ? { skuId: value } : null),
  has: (value) => (value === 'exception' ? { hasException: true } : value === 'after_sale' ? { inAfterSale: true } : null),
  hold: flag('onHold'),
  created_at: (value) => {
    const [, sign, day] = DAY.exec(value) ?? [];
    const at = new Date(`${day}T00:00:00Z`);
    return day === undefined || Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== day ? null : sign === '<' ? { placedBefore: at } : { placedFrom: at };
  },
};

/** Reads a search; refused with the first term that says nothing to us. */
export function parseSearch(query: string): Parsed {
  const terms = query.slice(0, LONGEST + 1).split(/\s+/).filter(Boolean);
  if (query.length > LONGEST || terms.length > MOST_TERMS) return { kind: 'refused', term: query.slice(0, 20) };
  let search: OrderSearch = {};
  for (const term of terms) {
    const at = term.indexOf(':');
    const name = term.slice(0, Math.max(at, 0));
    const read: OrderSearch | null = at < 0
      ? (search.text === undefined ? { text: term } : null)
      : Object.hasOwn(READERS, name) ? READERS[name]!(term.slice(at + 1)) : null;
    if (read === null) return { kind: 'refused', term };
    search = { ...search, ...read };
  }
  return { kind: 'search', search };
}
