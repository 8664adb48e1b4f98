// A line sells below its floor when what is paid for it, after its share of what is taken off the order, is less than its
// units at the floor. A channel's own floor goes before the general one.
import { allocate, money, toDecimal } from '@quanyu/money';

/** Below which a SKU is not to be sold; null of `connectionId`: everywhere. */
export interface Floor { readonly connectionId: string | null; readonly currency: string; readonly amountMinor: number }
export interface SoldLine { readonly externalSku: string; readonly skuId: string | null | undefined; readonly quantity: number; readonly unitPriceMinor: number; readonly discountMinor: number }
export interface Sale { readonly connectionId: string; readonly currency: string; readonly discountMinor: number }

const floorIn = (floors: readonly Floor[], { connectionId, currency }: Sale): number | null => {
  const here = floors.filter((floor) => floor.currency === currency);
  return (here.find((floor) => floor.connectionId === connectionId) ?? here.find((floor) => floor.connectionId === null))?.amountMinor ?? null;
};

/** Which lines sell below their floor, each with what is paid and what it should be at least: `MUG x 2: 90.00 < 100.00 CNY`. */
export function linesBelowFloor(sale: Sale, lines: readonly SoldLine[], floorsOf: (skuId: string) => readonly Floor[]): string[] {
  const paid = lines.map(({ quantity, unitPriceMinor, discountMinor }) => Math.max(0, quantity * unitPriceMinor - discountMinor));
  // Channels that say what of it falls to a line have said so; the rest is shared out by what the lines cost.
  const unshared = Math.max(0, sale.discountMinor - lines.reduce((sum, { discountMinor }) => sum + discountMinor, 0));
  const shares = unshared === 0 || paid.every((each) => each === 0) ? null : allocate(money(unshared, sale.currency), paid);
  return lines.flatMap(({ externalSku, skuId, quantity }, place) => {
    const floor = skuId ? floorIn(floorsOf(skuId), sale) : null;
    if (floor === null) return [];
    const [got, least] = [Math.max(0, paid[place]! - (shares?.[place]?.amountMinor ?? 0)), floor * quantity];
    const of = (minor: number): string => toDecimal(money(minor, sale.currency));
    return got < least ? [`${externalSku} x ${quantity}: ${of(got)} < ${of(least)} ${sale.currency}`] : [];
  });
}
