import { MoneyError } from './errors.js';

/** An ISO 4217 code in capitals: `CNY`, `JPY`. */
export type CurrencyCode = string;

/** How many decimals a currency has. */
export type CurrencyExponent = 0 | 2 | 3 | 4;

// ISO 4217 list one, column "minor units"; all others have two. Not from Intl: CLDR rounds some for display
// (IDR, HUF, IQD), while channels send ISO's decimals.
const OTHER_EXPONENTS = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF',
  3: 'BHD IQD JOD KWD LYD OMR TND',
  4: 'CLF UYW',
} as const;

const EXPONENTS: ReadonlyMap<string, CurrencyExponent> = new Map([
  ...Intl.supportedValuesOf('currency').map((code) => [code, 2] as const),
  // After the others and for codes that Intl leaves out (units of account such as CLF) as well.
  ...exponentsOf(0),
  ...exponentsOf(3),
  ...exponentsOf(4),
]);

function exponentsOf(exponent: keyof typeof OTHER_EXPONENTS): (readonly [string, CurrencyExponent])[] {
  return OTHER_EXPONENTS[exponent].split(' ').map((code) => [code, exponent]);
}

/** Tells whether a text is a currency code as ISO 4217 spells it; lower case is not. */
export const isCurrency = (code: string): code is CurrencyCode => EXPONENTS.has(code);

/**
 * Tells how many decimals a currency has: 2 for CNY, 0 for JPY, 3 for KWD.
 * @throws MoneyError `UNKNOWN_CURRENCY`.
 */
export function exponentOf(currency: CurrencyCode): CurrencyExponent {
  const exponent = EXPONENTS.get(currency);
  if (exponent === undefined) throw new MoneyError('UNKNOWN_CURRENCY');
  return exponent;
}
