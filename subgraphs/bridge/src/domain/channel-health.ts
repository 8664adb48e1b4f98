// How a channel does: what of a day's work succeeded, how late we are, and in which of four words.

/** 99.9 in 100: what a day of a channel owes. */
export const TARGET = 0.999;
const LATE_SECONDS = 300;
const FEW = 3;

export interface ChannelDay {
  readonly isOff: boolean;
  /** Pieces of work that ended well, and those that ended badly and wait for a person. */
  readonly done: number;
  readonly failed: number;
  /** Of the oldest piece that nobody has ended. */
  readonly lagSeconds: number;
  /** Tries in a row that failed, of reading or of writing, whichever is more. */
  readonly failuresInARow: number;
}
export type HealthStatus = 'OK' | 'LATE' | 'FAILING' | 'OFF';

/** The share of what may fail that is left: 1 for a day without a fault, 0 and less once it is spent. */
export const budgetLeft = ({ done, failed }: Pick<ChannelDay, 'done' | 'failed'>): number => (failed === 0 ? 1 : Math.max(-1, 1 - failed / ((1 - TARGET) * (done + failed))));

/** What each flow of a shop owes, and what counts for it. */
export const FLOW_TARGETS = {
  /** Orders of ours that the shop took at the first try. */
  ORDER_PUSH: 0.95,
  /** Parcels of our orders that we knew of within five minutes of their being sent. */
  FULFILMENT: 0.9,
} as const;
export type MeasuredFlow = keyof typeof FLOW_TARGETS;
export const IN_TIME_SECONDS = 300;

export interface FlowFigure { readonly flow: MeasuredFlow; readonly count: number; readonly good: number; readonly share: number | null; readonly target: number; readonly met: boolean }

/** Of nothing there is no share, and nothing is owed. */
export const flowFigure = (flow: MeasuredFlow, { count, good }: { readonly count: number; readonly good: number }): FlowFigure => {
  const target = FLOW_TARGETS[flow];
  return { flow, count, good, share: count === 0 ? null : good / count, target, met: count === 0 || good > target * count };
};

export const healthOf = (day: ChannelDay): HealthStatus =>
  (day.isOff ? 'OFF' : day.failuresInARow >= FEW ? 'FAILING' : day.lagSeconds > LATE_SECONDS || day.failuresInARow > 0 ? 'LATE' : 'OK');
