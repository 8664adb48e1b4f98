// What a channel shows of the pool: a share of what is left after safety stock. A share may be over 1, within its caps;
// whatever is shown, the pool itself never promises more than it has.

/** Ten-thousandths: a ratio of 0.98 is 9,800. Integers, since 0.98 has no exact binary form. */
export const RATIO_SCALE = 10_000;
/** What most channels can store. */
export const MOST_PUBLISHED = 2_147_483_647;

export type Rounding = 'FLOOR' | 'ROUND' | 'CEIL';

/** How one SKU is shown on one channel; null means that nothing is said. */
export interface ChannelTerms {
  readonly ratioScaled: number;
  readonly rounding: Rounding;
  readonly maxOversellUnits: number | null;
  /** 200 means twice the base. */
  readonly maxOversellPercent: number | null;
  readonly minPublish: number | null;
}

/** What one SKU's stock says to all channels. */
export interface BaseTerms {
  readonly available: number;
  readonly safetyStock: number;
  /** Below this base only the main channel shows any; null or 0: never. */
  readonly mainChannelOnlyBelow: number | null;
}

const DIVIDE = {
  FLOOR: (product: number): number => Math.floor(product / RATIO_SCALE),
  ROUND: (product: number): number => Math.floor((product + RATIO_SCALE / 2) / RATIO_SCALE),
  CEIL: (product: number): number => Math.ceil(product / RATIO_SCALE),
} as const satisfies Record<Rounding, (product: number) => number>;

export const allocationBase = ({ available, safetyStock }: Pick<BaseTerms, 'available' | 'safetyStock'>): number => Math.max(0, available - safetyStock);

/** `isMain`: whether this is the main channel; where none is named, all are. */
export function publishQuantity(stock: BaseTerms, terms: ChannelTerms, isMain: boolean): number {
  const base = allocationBase(stock);
  if (!isMain && base < (stock.mainChannelOnlyBelow ?? 0)) return 0;
  const quantity = Math.max(0, Math.min(
    MOST_PUBLISHED,
    DIVIDE[terms.rounding](base * terms.ratioScaled),
    terms.maxOversellUnits === null ? Infinity : base + terms.maxOversellUnits,
    terms.maxOversellPercent === null ? Infinity : Math.floor((base * terms.maxOversellPercent) / 100),
  ));
  return quantity < (terms.minPublish ?? 0) ? 0 : quantity;
}
