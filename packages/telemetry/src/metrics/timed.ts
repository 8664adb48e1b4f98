import type { Histogram } from './metrics.js';
import type { LabelName, LabelValues } from './series.js';

/** Seconds since a `performance.now()`. */
export const secondsSince = (startedAt: number): number => (performance.now() - startedAt) / 1000;

/** Runs `work` and keeps how long it took, with the outcome `ok` or `failed`. */
export async function timed<L extends LabelName, T>(
  metric: Histogram<L | 'outcome'>, values: LabelValues<Exclude<L, 'outcome'>>, work: () => Promise<T>,
): Promise<T> {
  const startedAt = performance.now();
  let outcome = 'failed';
  try {
    const result = await work();
    outcome = 'ok';
    return result;
  } finally {
    metric.observe({ ...values, outcome } as LabelValues<L | 'outcome'>, secondsSince(startedAt));
  }
}
