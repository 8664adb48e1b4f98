// A SKU has a code that is its own, a weight that can be, and a price that asks for nothing back.

export interface SkuDraft {
  readonly code: string;
  readonly weightGrams: number | null;
  readonly price: { readonly amountMinor: number } | null;
}

/** What is wrong with one of several drafts, and where. */
export interface Fault {
  readonly index: number;
  readonly field: 'code' | 'weightGrams' | 'price';
  readonly code: 'SKU_CODE_INVALID' | 'SKU_CODE_TAKEN' | 'WEIGHT_INVALID' | 'PRICE_NEGATIVE';
}

/** A code is compared letter by letter with what channels send, so spaces around it would never match. */
const isCode = (code: string): boolean => code !== '' && code.trim() === code && code.length <= 200;

/** The first fault of the drafts, against each other and the codes that are taken; null when there is none. */
export function firstFault(drafts: readonly SkuDraft[], takenCodes: ReadonlySet<string>): Fault | null {
  const seen = new Set(takenCodes);
  for (const [index, { code, weightGrams, price }] of drafts.entries()) {
    if (!isCode(code)) return { index, field: 'code', code: 'SKU_CODE_INVALID' };
    if (seen.has(code)) return { index, field: 'code', code: 'SKU_CODE_TAKEN' };
    if (weightGrams !== null && weightGrams < 0) return { index, field: 'weightGrams', code: 'WEIGHT_INVALID' };
    if (price !== null && price.amountMinor < 0) return { index, field: 'price', code: 'PRICE_NEGATIVE' };
    seen.add(code);
  }
  return null;
}
