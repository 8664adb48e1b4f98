import { typeidUnboxed } from 'typeid-js';
import { InvalidIdError } from './errors.js';

// Every kind of thing that has an id of ours; a prefix never changes its meaning.
const PREFIXES = {
  ten: 'tenant',
  stf: 'staff',
  key: 'partner key',
  aud: 'audit entry',
  prd: 'product',
  sku: 'SKU',
  prc: 'price',
  map: 'channel SKU mapping',
  cpr: 'product of a channel',
  cva: 'variant of a channel',
  cus: 'customer of a channel',
  loc: 'location',
  stk: 'stock level',
  rsv: 'reservation',
  mov: 'stock movement',
  alc: 'allocation rule',
  pol: 'stock policy',
  pub: 'published quantity',
  swp: 'publish sweep',
  ste: 'stock exception',
  tak: 'stock take',
  tkl: 'stock take line',
  imp: 'stock import',
  ord: 'order',
  lin: 'order line',
  exc: 'order exception',
  tml: 'timeline entry',
  pay: 'payment',
  rfd: 'refund',
  oed: 'order edit',
  oex: 'order export',
  prl: 'parcel',
  wbl: 'waybill',
  ptb: 'print batch',
  ltp: 'label template',
  afs: 'after-sale',
  mem: 'member',
  adr: 'member address',
  idn: 'member identity',
  lot: 'points lot',
  tkt: 'ticket',
  acc: 'ledger account',
  jrn: 'journal entry',
  pst: 'posting',
  con: 'channel connection',
  dlv: 'webhook delivery',
  run: 'reading of a shop',
  bil: 'bill of a payment platform',
  cau: 'copy that left',
  bml: 'mail to a buyer',
  alr: 'alert',
  whe: 'webhook endpoint of a partner',
  msg: 'message to a partner',
  evt: 'event',
  req: 'request',
  usr: 'user',
} as const;

/** The three letters that say what an id names: `ord` for orders, `sku` for SKUs. */
export type IdPrefix = keyof typeof PREFIXES;

/** An id of one kind of thing, so that an order's id does not pass for a SKU's. */
export type Id<P extends IdPrefix> = `${P}_${string}`;

// 26 characters of Crockford base32 hold 130 bits; the first stops at 7 because a UUID has 128.
const SUFFIX = /^[0-7][0-9abcdefghjkmnpqrstvwxyz]{25}$/;
const SUFFIX_LENGTH = 26;

/**
 * Makes a new id, `prefix_` and 26 characters of base32.
 *
 * The suffix is a UUIDv7 (RFC 9562) written as TypeID does, so ids of one process sort in the order
 * they were made and fill an index from its right edge.
 */
export function newId<P extends IdPrefix>(prefix: P): Id<P> {
  return typeidUnboxed(prefix) as string as Id<P>;
}

/** Tells whether a value is a well-formed id of this prefix; it says nothing of whether the thing exists. */
export function isId<P extends IdPrefix>(prefix: P, value: unknown): value is Id<P> {
  return (
    typeof value === 'string' &&
    value.length === prefix.length + 1 + SUFFIX_LENGTH &&
    value.startsWith(`${prefix}_`) &&
    SUFFIX.test(value.slice(prefix.length + 1))
  );
}

/**
 * Reads an id that came from outside and gives it its type.
 *
 * Strict on purpose: upper case, spaces or a spare character would make two spellings of one row.
 * @throws InvalidIdError code `INVALID_ID`, also when the id is a good one of another kind.
 */
export function parseId<P extends IdPrefix>(prefix: P, value: string): Id<P> {
  if (isId(prefix, value)) return value;
  throw new InvalidIdError(prefix, PREFIXES[prefix]);
}

const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz';
const TIME_BITS = 48n;
const ALL_BITS = 128n;

/** The lowest id that this prefix can have at an instant: ids begin with their time, so ids from here on are things from then on. */
export function firstIdAt<P extends IdPrefix>(prefix: P, at: Date): Id<P> {
  let number = BigInt(Math.max(0, at.getTime())) << (ALL_BITS - TIME_BITS);
  let suffix = '';
  for (let place = 0; place < SUFFIX_LENGTH; place += 1) {
    suffix = DIGITS[Number(number & 31n)]! + suffix;
    number >>= 5n;
  }
  return `${prefix}_${suffix}`;
}

/** The instant that an id was made at, in whole milliseconds: what its first 48 bits say. */
export function madeAt(id: Id<IdPrefix>): Date {
  // Ten characters hold 50 bits, the two highest of which are none of the UUID's.
  return new Date([...id.slice(-SUFFIX_LENGTH).slice(0, 10)].reduce((time, digit) => time * 32 + DIGITS.indexOf(digit), 0));
}
