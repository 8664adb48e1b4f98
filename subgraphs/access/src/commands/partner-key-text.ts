import { createHash, randomInt } from 'node:crypto';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 40 characters of 62 are 238 bits: beyond guessing, so a plain hash keeps it and no slow one is needed. */
const LENGTH = 40;
const PREFIX_LENGTH = 'qyk_'.length + 6;

export interface PartnerKeyText { readonly clear: string; readonly prefix: string; readonly hash: string }

/** Makes a key of chance: the text for the partner, and what is kept of it. */
export function newPartnerKeyText(): PartnerKeyText {
  // randomInt, not a byte modulo 62: no letter is likelier than another.
  const clear = `qyk_${Array.from({ length: LENGTH }, () => BASE62[randomInt(BASE62.length)]).join('')}`;
  return { clear, prefix: clear.slice(0, PREFIX_LENGTH), hash: createHash('sha256').update(clear).digest('hex') };
}
