// The figures of a channel's day: counts and sums, and the rates that follow from them.

/** Within so many hours of being confirmed an order is shipped on time. */
export const ON_TIME_HOURS = 48;

export const FIGURES = ['orders', 'gmvMinor', 'cancelled', 'refundedMinor', 'returned', 'shipped', 'shippedOnTime'] as const;
export type Figures = Record<(typeof FIGURES)[number], number>;

export const NO_FIGURES: Figures = { orders: 0, gmvMinor: 0, cancelled: 0, refundedMinor: 0, returned: 0, shipped: 0, shippedOnTime: 0 };

export const addFigures = (one: Figures, other: Partial<Figures>): Figures =>
  Object.fromEntries(FIGURES.map((name) => [name, one[name] + (other[name] ?? 0)])) as Figures;

export const isOnTime = (confirmedAt: Date, shippedAt: Date): boolean => shippedAt.getTime() - confirmedAt.getTime() <= ON_TIME_HOURS * 3_600_000;

/** In minor units, rounded half up; null where there is nothing to divide by. */
export const averageMinor = ({ orders, gmvMinor }: Figures): number | null => (orders === 0 ? null : Math.floor(gmvMinor / orders + 0.5));

/** Four digits behind the point are enough for a rate. */
export const rate = (part: number, whole: number): number | null => (whole === 0 ? null : Math.round((part / whole) * 10_000) / 10_000);
