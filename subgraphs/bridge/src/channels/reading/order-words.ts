import type { ToldOrder, Translated } from '../channel.js';

const LONGEST = 255;
/** Cut between signs: half of one is no text that a database takes. */
export const shortened = (text: string, most = LONGEST): string => Array.from(text).slice(0, most).join('');

const LONGEST_NUMBER = 64;
export const shortNumber = (text: string): string => shortened(text, LONGEST_NUMBER);

/** What goods are called where they are mapped: their SKU, else the variant, else the title. */
export function externalSku({ sku, variantId, title }: Record<'sku' | 'variantId' | 'title', string | null | undefined>, at: number): string {
  if (sku) return shortened(sku);
  if (variantId) return shortened(`variant:${variantId}`);
  return shortened(`title:${title || `line ${at + 1}`}`);
}

/** The platform's id of goods, fit to be kept. */
export const goodsId = (id: string | null | undefined): string | null => (id ? shortNumber(id) : null);

/** A platform's word for a state, fit to be shown. */
export function statusWord(status: string | null | undefined, none: string): string {
  const word = (status || none).toLowerCase();
  return /^[a-z_]{1,40}$/.test(word) ? word : 'other';
}

/** A platform's words for its kinds of state, in their order; those that say nothing at the end are left out. */
export const rawStatusOf = (...words: readonly (string | number | null)[]): string => words.slice(0, words.findLastIndex((word) => word !== null) + 1).map((word) => word ?? '').join('/');

export type PaymentStates = Readonly<Record<string, ToldOrder['paymentState']>>;

/** A word that is new to us is no money: the order waits, and its raw status shows why. */
export const paymentStateOf = (states: PaymentStates, word: string): ToldOrder['paymentState'] => (Object.hasOwn(states, word) ? states[word]! : 'PENDING');

export const notAnOrder = (path: string): Translated => ({ kind: 'refused', reason: 'BODY_NOT_AN_ORDER', path });
