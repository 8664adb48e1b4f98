// An order that is changed before it is shipped: lines keep the price that they were sold at, goods that are new to it
// cost what they cost now, and no edit takes it further below its floors than it stands. What it costs more is to be paid
// before it goes, what it costs less goes back. An order that is not paid yet is quoted anew, as it would be placed now.
import { isSellable } from './judge-lines.js';
import { MOST_LINES, quote, type Offer, type ShippingRule } from './quote.js';

export interface EditableOrder { readonly itemsMinor: number; readonly discountMinor: number; readonly shippingMinor: number; readonly totalMinor: number; /** Of an earlier edit, not paid yet. */ readonly dueMinor: number; readonly refundedMinor: number }
export interface EditableLine { readonly id: string; readonly skuId: string; readonly quantity: number; readonly unitPriceMinor: number }
export interface LineChange { readonly lineId: string; /** 0 takes the line out. */ readonly quantity: number }
export interface Addition { readonly skuId: string; readonly quantity: number }

export interface PlannedEdit {
  readonly kind: 'edit';
  readonly changed: readonly LineChange[];
  readonly added: readonly (Addition & Omit<Offer, 'unitPriceMinor'> & { readonly unitPriceMinor: number })[];
  /** Units by SKU to hold, and to give free. */
  readonly more: ReadonlyMap<string, number>;
  readonly fewer: ReadonlyMap<string, number>;
  readonly itemsMinor: number;
  readonly discountMinor: number;
  readonly shippingMinor: number;
  readonly totalMinor: number;
  /** What lines cost by now, where they are quoted anew; by line. */
  readonly repriced: ReadonlyMap<string, number>;
  readonly differenceMinor: number;
  /** What is to be paid before it is shipped, and what goes back; one of them is 0. */
  readonly dueMinor: number;
  readonly refundMinor: number;
}
export type EditRefusal = 'LINE_NOT_FOUND' | 'LINES_INVALID' | 'QUANTITY_INVALID' | 'SKU_UNKNOWN' | 'NO_PRICE' | 'PRICE_BELOW_FLOOR' | 'AMOUNT_TOO_LARGE' | 'NOTHING_CHANGES' | 'MORE_THAN_PAID' | 'KEEP_ONE_PLACED';
export interface EditRefused { readonly kind: 'refused'; readonly code: EditRefusal; readonly field: readonly string[] }

const refused = (code: EditRefusal, ...field: string[]): EditRefused => ({ kind: 'refused', code, field });
const MOST_MINOR = 2 ** 53 / MOST_LINES;

export function planEdit(order: EditableOrder, lines: readonly EditableLine[], changes: readonly LineChange[], additions: readonly Addition[], offers: readonly Offer[]): PlannedEdit | EditRefused {
  const wrong = faultOf(lines, changes, additions);
  if (wrong !== null) return wrong;
  const bySku = new Map(offers.map((offer) => [offer.skuId, offer]));
  const floorOf = (skuId: string): number => bySku.get(skuId)?.floorMinor ?? 0;
  const added: PlannedEdit['added'][number][] = [];
  for (const [place, addition] of additions.entries()) {
    const offer = bySku.get(addition.skuId);
    if (offer === undefined) return refused('SKU_UNKNOWN', 'add', `${place}`, 'skuId');
    if (offer.unitPriceMinor === null) return refused('NO_PRICE', 'add', `${place}`, 'skuId');
    if (offer.unitPriceMinor < floorOf(addition.skuId)) return refused('PRICE_BELOW_FLOOR', 'add', `${place}`, 'skuId');
    added.push({ ...offer, ...addition, unitPriceMinor: offer.unitPriceMinor });
  }
  const kept = changed(lines, changes);
  // Units that were sold stay sold, whatever their floor has become; more of them are a sale of today.
  const cheap = kept.find(({ quantity, before, skuId, unitPriceMinor }) => quantity > before && unitPriceMinor < floorOf(skuId));
  if (cheap !== undefined) return refused('PRICE_BELOW_FLOOR', 'lines', `${changes.findIndex(({ lineId }) => lineId === cheap.id)}`, 'quantity');
  const sums = [...kept, ...added].map(({ quantity, unitPriceMinor }) => quantity * unitPriceMinor);
  if (sums.some((sum) => sum > MOST_MINOR)) return refused('AMOUNT_TOO_LARGE', 'lines');
  const itemsMinor = sums.reduce((sum, each) => sum + each, 0);
  const mostOff = (sold: readonly Pick<EditableLine, 'skuId' | 'quantity' | 'unitPriceMinor'>[]): number => sold.reduce((sum, { skuId, quantity, unitPriceMinor }) => sum + Math.max(0, unitPriceMinor - floorOf(skuId)) * quantity, 0);
  const belowMinor = Math.max(0, order.discountMinor - mostOff(lines));
  const discountMinor = Math.min(itemsMinor, order.discountMinor, mostOff([...kept, ...added]) + belowMinor);
  const differenceMinor = itemsMinor - discountMinor - (order.itemsMinor - order.discountMinor);
  const totalMinor = order.totalMinor + differenceMinor;
  if (totalMinor < order.refundedMinor) return refused('MORE_THAN_PAID', 'lines');
  const balance = order.dueMinor + differenceMinor;
  return {
    kind: 'edit', added, itemsMinor, discountMinor, shippingMinor: order.shippingMinor, totalMinor, differenceMinor, repriced: new Map(), ...changesOf(kept, added),
    dueMinor: Math.max(0, balance), refundMinor: Math.max(0, -balance),
  };
}

type ChangedLine = EditableLine & { readonly before: number };

function changed(lines: readonly EditableLine[], changes: readonly LineChange[]): ChangedLine[] {
  const wanted = new Map(changes.map(({ lineId, quantity }) => [lineId, quantity]));
  return lines.map((line) => ({ ...line, before: line.quantity, quantity: wanted.get(line.id) ?? line.quantity }));
}

function changesOf(kept: readonly ChangedLine[], added: readonly Addition[]): Pick<PlannedEdit, 'changed' | 'more' | 'fewer'> {
  const units = new Map<string, number>();
  for (const { skuId, quantity, before } of kept) units.set(skuId, (units.get(skuId) ?? 0) + quantity - before);
  for (const { skuId, quantity } of added) units.set(skuId, (units.get(skuId) ?? 0) + quantity);
  return {
    changed: kept.filter(({ quantity, before }) => quantity !== before).map(({ id, quantity }) => ({ lineId: id, quantity })),
    more: new Map([...units].filter(([, by]) => by > 0)), fewer: new Map([...units].filter(([, by]) => by < 0).map(([skuId, by]) => [skuId, -by])),
  };
}

/** Of an order that nobody has paid yet: all of it is quoted as it would be placed now, shipping too. */
export function planUnpaidEdit(order: EditableOrder, lines: readonly EditableLine[], changes: readonly LineChange[], additions: readonly Addition[], offers: readonly Offer[], rule: ShippingRule): PlannedEdit | EditRefused {
  const wrong = faultOf(lines, changes, additions);
  if (wrong !== null) return wrong;
  const kept = changed(lines, changes);
  const left = kept.filter(({ quantity }) => quantity > 0);
  const quoted = quote([...left, ...additions], offers, rule, order.discountMinor === 0 ? [] : [{ kind: 'COUPON', reference: '', amountMinor: order.discountMinor }]);
  if (quoted.kind === 'refused') {
    const place = Number(quoted.field[1]);
    return place < left.length ? refused(quoted.code, 'lines') : refused(quoted.code, 'add', `${place - left.length}`, quoted.field[2]!);
  }
  const { itemsMinor, discountMinor, shippingMinor, totalMinor } = quoted;
  return {
    kind: 'edit', itemsMinor, discountMinor, shippingMinor, totalMinor, differenceMinor: totalMinor - order.totalMinor, dueMinor: 0, refundMinor: 0,
    repriced: new Map(left.map(({ id }, place) => [id, quoted.lines[place]!.unitPriceMinor])), added: quoted.lines.slice(left.length), ...changesOf(kept, additions),
  };
}

function faultOf(lines: readonly EditableLine[], changes: readonly LineChange[], additions: readonly Addition[]): EditRefused | null {
  const known = new Map(lines.map((line) => [line.id, line]));
  if (new Set(changes.map(({ lineId }) => lineId)).size < changes.length) return refused('LINES_INVALID', 'lines');
  for (const [place, { lineId, quantity }] of changes.entries()) {
    if (!known.has(lineId)) return refused('LINE_NOT_FOUND', 'lines', `${place}`, 'lineId');
    if (quantity !== 0 && !isSellable(quantity)) return refused('QUANTITY_INVALID', 'lines', `${place}`, 'quantity');
  }
  // What it has a line of is changed there.
  const skus = [...lines.map(({ skuId }) => skuId), ...additions.map(({ skuId }) => skuId)];
  if (new Set(additions.map(({ skuId }) => skuId)).size < additions.length || additions.some(({ skuId }) => lines.some((line) => line.skuId === skuId)) || skus.length > MOST_LINES) return refused('LINES_INVALID', 'add');
  const bad = additions.findIndex(({ quantity }) => !isSellable(quantity));
  if (bad >= 0) return refused('QUANTITY_INVALID', 'add', `${bad}`, 'quantity');
  const real = changes.filter(({ lineId, quantity }) => known.get(lineId)!.quantity !== quantity);
  if (real.length + additions.length === 0) return refused('NOTHING_CHANGES', 'lines');
  // An order without goods is one that is given up.
  const removed = real.filter(({ quantity }) => quantity === 0).length;
  return removed === lines.length && additions.length === 0 ? refused('LINES_INVALID', 'lines') : null;
}

export interface Hold { readonly key: string; readonly skuId: string; readonly quantity: number; readonly shipped: number }
export interface Taken { readonly key: string; readonly skuId: string; readonly quantity: number }

/**
 * Which hold units come from, the order's own (`ownKey`) first or last, and each only as far as it has some left.
 * @param own units of each SKU that the order's own hold still has
 */
export function fromHolds(ownKey: string, own: ReadonlyMap<string, number>, holds: readonly Hold[], units: ReadonlyMap<string, number>, ownFirst: boolean): Taken[] {
  const taken: Taken[] = [];
  for (const [skuId, wanted] of units) {
    const ours: Hold = { key: ownKey, skuId, quantity: own.get(skuId) ?? 0, shipped: 0 };
    const others = holds.filter((hold) => hold.skuId === skuId);
    let left = wanted;
    for (const { key, quantity, shipped } of ownFirst ? [ours, ...others] : [...others, ours]) {
      const some = Math.min(left, quantity - shipped);
      if (some <= 0) continue;
      taken.push({ key, skuId, quantity: some });
      left -= some;
    }
  }
  return taken;
}

interface UnitLine { readonly skuId: string | null | undefined; readonly quantity: number; readonly shippedQuantity: number }

/** What the order's own hold still has of each SKU: all that is not shipped from it, and not held by an edit. */
export function ownUnits(lines: readonly UnitLine[], holds: readonly Omit<Hold, 'key'>[]): Map<string, number> {
  const own = new Map<string, number>();
  for (const { skuId, quantity, shippedQuantity } of lines) if (skuId) own.set(skuId, (own.get(skuId) ?? 0) + quantity - shippedQuantity);
  for (const { skuId, quantity, shipped } of holds) own.set(skuId, (own.get(skuId) ?? 0) - (quantity - shipped));
  return own;
}

/**
 * Whether the order's own hold would have nothing left. Before it is paid that cannot be: a hold without units ends, and
 * its payment would be taken for one that came too late.
 */
export function emptiesOwnHold(ownKey: string, own: ReadonlyMap<string, number>, taken: readonly Taken[]): boolean {
  const had = [...own.values()].reduce((sum, units) => sum + units, 0);
  return taken.filter(({ key }) => key === ownKey).reduce((sum, { quantity }) => sum + quantity, 0) >= had;
}
