// What can still be promised: what is there and fit for sale, less what is promised; a hold past its end promises nothing.

/** The bucket that everything is in unless it was set aside for an activity. */
export const MAIN_BUCKET = 'MAIN';

export interface Stock {
  readonly onHand: number;
  readonly reserved: number;
  readonly unavailable: number;
  /** Units in `reserved` whose hold has ended, though nobody has given them back yet. */
  readonly lapsed: number;
}

export const available = (stock: Stock): number => Math.max(0, stock.onHand - stock.unavailable - stock.reserved + stock.lapsed);
