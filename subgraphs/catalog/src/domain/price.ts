// A price holds from its start up to, but not including, its end; one without them holds always.

export interface Validity { readonly validFrom?: Date | null; readonly validTo?: Date | null }

export const holdsAt = ({ validFrom, validTo }: Validity, at: Date): boolean => (!validFrom || validFrom <= at) && (!validTo || at < validTo);

/** When, after a time, the first of these prices begins or ends; null when all stays as it is. */
export function nextChange(prices: readonly Validity[], at: Date): Date | null {
  const coming = prices.flatMap(({ validFrom, validTo }) => [validFrom, validTo]).filter((time) => time instanceof Date && time > at) as Date[];
  return coming.length === 0 ? null : new Date(Math.min(...coming.map(Number)));
}

/** Whether the end comes after the start. */
export const isValidity = ({ validFrom, validTo }: Validity): boolean => !validFrom || !validTo || validFrom < validTo;

/** The price in a currency at a time; null when none holds. Prices are not converted. */
export const priceAt = <Price extends Validity & { readonly currency: string }>(prices: readonly Price[], currency: string, at: Date): Price | null =>
  prices.find((price) => price.currency === currency && holdsAt(price, at)) ?? null;
