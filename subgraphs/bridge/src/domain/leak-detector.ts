// The second wall behind the lists of allowed fields: no body that leaves for a shop holds how somebody pays, what
// somebody signs in with, or what marketing knows of them, under whatever name and in whatever wrapping.

export type LeakKind = 'PAYMENT' | 'AUTH' | 'MARKETING';
/** @property path names of fields only, cut to what a log may hold */
export interface Leak { readonly kind: LeakKind; readonly path: string }

/** By names, in small letters without anything between words. */
const NAMES: readonly (readonly [LeakKind, RegExp])[] = [
  ['PAYMENT', /card(number|no|holder|cvv|cvc|expiry)|^(cvv|cvc|pan|iban|bic|swift)$|(bank|credit|debit)(account|card)|paymentintent|paymentmethod|paymentid|paymenttoken|paymentreference|^(payment|payments|transactions|gateway|gateways)$|stripe|prepay|wechatpay|alipay|^payer|providerreference|refundid|settlement|payout/],
  ['AUTH', /passw(or)?d|passcode|passphrase|secret|token$|^(jwt|otp|totp|mfa|pin|cookie|cookies|session|sessionid|authorization|apikey|privatekey|signingkey|salt|openid|unionid)$|accesskey|(password|pin)hash|(recovery|verification|login)code|credential/],
  ['MARKETING', /klaviyo|newsletter|^utm|marketing|^(gclid|fbclid|msclkid|ttclid|segments?|audiences?|birthday|birthdate|points|loyalty|tier)$|trackingstage|campaign|lifetimevalue|consent|adid$|attribution|memberlevel|pixel/],
];

/** By form, wherever it stands. */
const FORMS: readonly (readonly [LeakKind, RegExp])[] = [
  ['PAYMENT', /\b(pi|seti|ch|pm|tok|src|cus|sub|in|py|re)_(?:[A-Za-z0-9]{14,})\b|_secret_[A-Za-z0-9]{8,}/],
  ['AUTH', /\b(sk|rk)_(live|test)_\w{8,}|\bwhsec_[\w+/=]{16,}|\bshp(at|ca|pa|ss)_\w{8,}|\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{4,}|-----BEGIN [A-Z ]*(KEY|CERTIFICATE)|\$(2[aby]|argon2(id|i|d))\$|\bBearer\s+[\w.~+/=-]{12,}|\bs1\.[\w-]{1,20}\.[\w-]{28,}|\bxox[abpr]-[\w-]{10,}|\bAKIA[A-Z0-9]{16}\b/],
  ['MARKETING', /\bpk_[0-9a-f]{30,}\b|[?&](utm_\w+|gclid|fbclid|_kx)=/i],
];

const DEEPEST = 40;
const LONGEST = 200_000;
const INVISIBLE = /[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]/g;
/** Digits of a phone, a code of goods or an id of a platform look like a card's now and then. */
const NUMBERED = /^(phone|barcode|gtin|ean|upc|id|externalid|inventoryitemid|locationid|productid|variantid|externalorderid|ordernumber|sourceid|sku|externalsku|code|handle)$/;

/** What a body must not say; null where it says nothing of it. @param body JSON, a form, or any text */
export function findLeak(body: string): Leak | null {
  return within(body.slice(0, LONGEST), [], 0) ?? (body.length > LONGEST ? { kind: 'AUTH', path: 'too-long' } : null);
}

function look(value: unknown, path: readonly string[], depth: number): Leak | null {
  if (depth > DEEPEST) return leak('AUTH', [...path, 'too-deep']);
  if (typeof value === 'string') return within(value, path, depth);
  if (typeof value === 'number' || typeof value === 'bigint') return cardIn(String(value), path);
  if (typeof value !== 'object' || value === null) return null;
  for (const [name, part] of Object.entries(value)) {
    const here = [...path, name];
    const plain = plainName(name);
    const isSaid = part !== null && part !== undefined && part !== '' && part !== false;
    const named = isSaid && !Array.isArray(value) ? NAMES.find(([, form]) => form.test(plain)) : undefined;
    if (named !== undefined) return leak(named[0], here);
    const found = (Array.isArray(value) ? null : within(name, here, depth + 1)) ?? look(part, here, depth + 1);
    if (found !== null) return found;
  }
  return null;
}

/** A text by what it is, and by what it is when it is unwrapped: JSON, a form, base64, per cent, wide letters. */
function within(text: string, path: readonly string[], depth: number): Leak | null {
  if (depth > DEEPEST) return leak('AUTH', [...path, 'too-deep']);
  const plain = text.normalize('NFKC').replace(INVISIBLE, '');
  const unwrapped = [...unwrap(plain)];
  for (const inner of unwrapped) {
    const found = look(inner, path, depth + 1);
    if (found !== null) return found;
  }
  // The body itself is looked at field by field; what lies in a field may hold more than its reader would see.
  if (depth === 0 && unwrapped.some((inner) => typeof inner === 'object')) return null;
  const formed = FORMS.find(([, form]) => form.test(plain));
  return formed === undefined ? cardIn(plain, path) ?? ibanIn(plain, path) : leak(formed[0], path);
}

function* unwrap(text: string): Generator<unknown> {
  const trimmed = text.trim();
  if (/^[[{"]/.test(trimmed)) yield* readable(() => JSON.parse(trimmed) as unknown);
  const isBase64 = /^[A-Za-z0-9+/_-]{16,}={0,2}$/.test(trimmed);
  if (!isBase64 && /^[\w.[\]%-]{1,80}=[^\s]*(&|$)/.test(trimmed)) yield Object.fromEntries(new URLSearchParams(trimmed));
  else if (/%[0-9a-f]{2}/i.test(trimmed)) yield* readable(() => { const decoded = decodeURIComponent(trimmed); return decoded === trimmed ? null : decoded; });
  if (isBase64) {
    const decoded = Buffer.from(trimmed, 'base64').toString('latin1');
    if (/^[\x20-\x7e\s]{12,}$/.test(decoded)) yield decoded;
  }
}

function* readable(read: () => unknown): Generator<unknown> {
  try {
    const value = read();
    if (value !== null) yield value;
  } catch {
    // No such wrapping after all.
  }
}

const CARD = /(?<![\d.])(?:\d[ \-._\u00a0]?){14,18}\d(?![\d.])/g;

function cardIn(text: string, path: readonly string[]): Leak | null {
  if (NUMBERED.test(plainName(path.at(-1) ?? ''))) return null;
  for (const [match] of text.matchAll(CARD)) {
    const digits = match.replaceAll(/\D/g, '');
    if (isCard(digits)) return leak('PAYMENT', path);
  }
  return null;
}

const IBAN = /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}\b/g;

/** Numbers of parcels look alike, but their sum is right by chance only. */
function ibanIn(text: string, path: readonly string[]): Leak | null {
  if (NUMBERED.test(plainName(path.at(-1) ?? ''))) return null;
  for (const [match] of text.matchAll(IBAN)) {
    const account = match.replaceAll(' ', '');
    const digits = `${account.slice(4)}${account.slice(0, 4)}`.replaceAll(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55));
    if (BigInt(digits) % 97n === 1n) return leak('PAYMENT', path);
  }
  return null;
}

/** Amex, Visa, Mastercard, JCB, Discover, UnionPay: by how they begin, their length, and Luhn's sum. */
function isCard(digits: string): boolean {
  const brand = digits.length === 15 ? /^3[47]/ : digits.length === 16 ? /^(4|5[1-5]|2[2-7]|35|6011|65|62)/ : /^62/;
  if (!brand.test(digits)) return false;
  const sum = [...digits].reverse().reduce((total, digit, at) => {
    const twice = Number(digit) * (at % 2 === 1 ? 2 : 1);
    return total + (twice > 9 ? twice - 9 : twice);
  }, 0);
  return sum % 10 === 0;
}

const plainName = (name: string): string => name.normalize('NFKC').replace(INVISIBLE, '').toLowerCase().replaceAll(/[^a-z0-9]/g, '');
/** A name that somebody chose may hold anything: only what looks like one is told. */
const leak = (kind: LeakKind, path: readonly string[]): Leak => ({ kind, path: path.map((name) => (/^[\w-]{1,40}$/.test(name) && !/\d{6,}/.test(name) ? name : '?')).slice(-6).join('.') || 'body' });
