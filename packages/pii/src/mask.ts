import { readPhone } from './phone.js';

// What a person sees who may not see the clear value. Masking a masked value changes nothing.
const STARS = /[*＊•]/;
// As platforms deliver it: digits, stars and separators only. Beyond seven digits it is hardly a mask.
const MASKED_PHONE = /^[+\d\s()*＊•-]{4,40}$/;
const MOST_DIGITS_OF_A_MASK = 7;
const COUNTRY_CODE = /^\+(?:86|\d{1,3}[\s-])/;
// Names in these scripts begin with the family name, and one sign of it is enough.
const ONE_SIGN_NAMES = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;
const ADDRESS_KEPT = 3;

const HOME_REGION = 'CN';
// How many digits stay at both ends, by the length of the national number.
const SHOWN = [
  { from: 11, head: 3, tail: 4 },
  { from: 10, head: 3, tail: 3 },
  { from: 8, head: 2, tail: 2 },
] as const;

const digitsOf = (text: string): string => text.replace(/\D/g, '');

/**
 * Masks a phone number without its country code: `+8613812341234` gives `138****1234`.
 *
 * Of eleven digits and more the first three and last four stay, of shorter ones less: at least four are hidden.
 * A number that a platform already masked stays as it came.
 */
export function maskPhone(phone: string): string {
  if (isMaskedPhone(phone)) return phone;
  const digits = readPhone(phone, HOME_REGION)?.nationalNumber ?? digitsOf(phone);
  const { head, tail } = SHOWN.find(({ from }) => digits.length >= from) ?? { head: 0, tail: 0 };
  return `${digits.slice(0, head)}****${digits.slice(digits.length - tail)}`;
}

function isMaskedPhone(text: string): boolean {
  if (!STARS.test(text) || !MASKED_PHONE.test(text)) return false;
  return digitsOf(text.replace(COUNTRY_CODE, '')).length <= MOST_DIGITS_OF_A_MASK;
}

/** Masks the local part of an e-mail: `bob@example.com` gives `b***@example.com`. */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@');
  return at < 1 ? '***' : `${first(email, 1)}***${email.slice(at)}`;
}

/** Masks a person's name after its first sign: `张三` gives `张**`, `Bob` gives `B***`. */
export function maskName(name: string): string {
  const trimmed = name.trim();
  if (trimmed === '') return '';
  return first(trimmed, 1) + (ONE_SIGN_NAMES.test(trimmed) ? '**' : '***');
}

/** Masks a line of an address after its first three signs, or after less when the line is short. */
export function maskAddressLine(line: string): string {
  const trimmed = line.trim();
  if (trimmed === '') return '';
  const star = trimmed.search(STARS);
  const clear = Array.from(star === -1 ? trimmed : trimmed.slice(0, star));
  const kept = star === -1 ? Math.min(ADDRESS_KEPT, Math.floor(clear.length / 2)) : ADDRESS_KEPT;
  return `${clear.slice(0, kept).join('')}***`;
}

const first = (text: string, count: number): string => Array.from(text).slice(0, count).join('');

// From the beginning of a word on: else a long text would be looked through from each of its signs.
const EMAIL = /(?<![^\s<>()@,;，；])[^\s<>()@,;，；]+@[^\s<>()@,;，；]+\.[^\s<>()@,;，；]+/gu;
/** Digits of any script, five and more of them, however they are grouped. */
const NUMBER = /\+?\p{Nd}(?:[\s().·–-]{0,2}\p{Nd}){4,}/gu;

/** Masks what a person is reached by within a text that somebody wrote: e-mail addresses, and numbers of five digits and more. */
export const maskText = (text: string): string => text.replace(EMAIL, maskEmail).replace(NUMBER, '***');
