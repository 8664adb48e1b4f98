// What an order costs: prices as they stand and never below a floor, shipping by the channel's rule, and places for what is taken off.

/** As many lines as an order has. */
export const MOST_LINES = 500;
/** So that every sum of an order stays exact: 500 lines of a million units must not pass 2^53. */
const MOST_MINOR = 2 ** 53 / 500;

export interface Wanted { readonly skuId: string; readonly quantity: number }
export interface Offer { readonly skuId: string; readonly code: string; readonly title: string; readonly unitPriceMinor: number | null; /** Below which a unit is not sold; missing where nobody has said. */ readonly floorMinor?: number | null }
/** What is taken off: coupons and points will stand here. */
export interface Discount { readonly kind: 'COUPON' | 'POINTS'; readonly reference: string; readonly amountMinor: number }
export interface ShippingRule { readonly shippingMinor: number; readonly freeShippingFromMinor: number | null }

export interface QuotedLine extends Wanted { readonly code: string; readonly title: string; readonly unitPriceMinor: number; readonly totalMinor: number }
export interface Quote {
  readonly kind: 'quote';
  readonly lines: readonly QuotedLine[];
  readonly discounts: readonly Discount[];
  readonly itemsMinor: number;
  readonly discountMinor: number;
  readonly shippingMinor: number;
  readonly totalMinor: number;
}

export type QuoteRefusal = 'LINES_INVALID' | 'QUANTITY_INVALID' | 'SKU_UNKNOWN' | 'NO_PRICE' | 'PRICE_BELOW_FLOOR' | 'AMOUNT_TOO_LARGE';
export interface Refused { readonly kind: 'refused'; readonly code: QuoteRefusal; readonly field: readonly string[] }

const refused = (code: QuoteRefusal, ...field: string[]): Refused => ({ kind: 'refused', code, field });

/** Lines that can be ordered at all, before anybody is asked for prices; null when they can. */
export function linesRefusal(lines: readonly Wanted[], mostUnits: number): Refused | null {
  if (lines.length < 1 || lines.length > MOST_LINES || new Set(lines.map(({ skuId }) => skuId)).size < lines.length) return refused('LINES_INVALID', 'lines');
  const bad = lines.findIndex(({ quantity }) => !Number.isInteger(quantity) || quantity < 1 || quantity > mostUnits);
  return bad < 0 ? null : refused('QUANTITY_INVALID', 'lines', `${bad}`, 'quantity');
}

export function quote(wanted: readonly Wanted[], offers: readonly Offer[], rule: ShippingRule, discounts: readonly Discount[] = []): Quote | Refused {
  const bySku = new Map(offers.map((offer) => [offer.skuId, offer]));
  const lines: QuotedLine[] = [];
  let mostOffMinor = 0;
  for (const [place, { skuId, quantity }] of wanted.entries()) {
    const offer = bySku.get(skuId);
    if (offer === undefined) return refused('SKU_UNKNOWN', 'lines', `${place}`, 'skuId');
    if (offer.unitPriceMinor === null) return refused('NO_PRICE', 'lines', `${place}`, 'skuId');
    const floorMinor = offer.floorMinor ?? 0;
    if (offer.unitPriceMinor < floorMinor) return refused('PRICE_BELOW_FLOOR', 'lines', `${place}`, 'skuId');
    const totalMinor = offer.unitPriceMinor * quantity;
    if (totalMinor > MOST_MINOR) return refused('AMOUNT_TOO_LARGE', 'lines', `${place}`, 'quantity');
    mostOffMinor += totalMinor - floorMinor * quantity;
    lines.push({ skuId, quantity, code: offer.code, title: offer.title, unitPriceMinor: offer.unitPriceMinor, totalMinor });
  }
  const itemsMinor = lines.reduce((sum, line) => sum + line.totalMinor, 0);
  // What is taken off ends at the floors, and where there are none at the goods' own sum: nothing is ever paid out for buying.
  const discountMinor = Math.min(mostOffMinor, discounts.reduce((sum, { amountMinor }) => sum + amountMinor, 0));
  const goods = itemsMinor - discountMinor;
  const shippingMinor = rule.freeShippingFromMinor !== null && goods >= rule.freeShippingFromMinor ? 0 : rule.shippingMinor;
  return { kind: 'quote', lines, discounts, itemsMinor, discountMinor, shippingMinor, totalMinor: goods + shippingMinor };
}
