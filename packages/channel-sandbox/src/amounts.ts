const EXPONENTS: Readonly<Record<string, number>> = { JPY: 0, KRW: 0, VND: 0, CLP: 0, KWD: 3, BHD: 3, TND: 3 };
const exponentOf = (currency: string): number => EXPONENTS[currency] ?? 2;

/** Reads `19.9` as 1990 minor units of a currency with two decimals; throws on more decimals than the currency has. */
export function toMinor(decimal: string, currency: string): number {
  const exponent = exponentOf(currency);
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(decimal) ?? [];
  if (whole === '' || fraction.length > exponent) throw new Error(`not an amount of ${currency}: ${decimal}`);
  return Number(sign + whole + fraction.padEnd(exponent, '0'));
}

/** Writes 1990 minor units as `19.90`, with all decimals of the currency. */
export function toText(minor: number, currency: string): string {
  const exponent = exponentOf(currency);
  const digits = String(Math.abs(minor)).padStart(exponent + 1, '0');
  const text = exponent === 0 ? digits : `${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
  return minor < 0 ? `-${text}` : text;
}

/** Tax in minor units on `net`, which holds the tax already when `included`; rounded half up. */
export function taxOn(netMinor: number, rateBasisPoints: number, included: boolean): number {
  return Math.round((netMinor * rateBasisPoints) / (included ? 10_000 + rateBasisPoints : 10_000));
}
