import { createHistogram } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * So many callers, each asking again as soon as it has its answer. Counts only what was asked after the warm-up.
 * @param ask answers true for a yes; `fresh` numbers the asks of the whole run.
 */
export async function closedLoop({ callers, seconds, warmUpSeconds = 0.7, ask }) {
  const latency = createHistogram();
  let fresh = 0;
  let yes = 0;
  let counted = 0;
  let warm = false;
  let going = true;
  const caller = async () => {
    while (going) {
      const mine = warm;
      const since = performance.now();
      if (await ask(fresh++)) yes += 1;
      if (mine && going) {
        counted += 1;
        latency.record(Math.max(1, Math.round((performance.now() - since) * 1000)));
      }
    }
  };
  const all = Promise.all(Array.from({ length: callers }, caller));
  await sleep(warmUpSeconds * 1000);
  warm = true;
  const since = performance.now();
  await sleep(seconds * 1000);
  going = false;
  const measured = (performance.now() - since) / 1000;
  await all;
  return { asked: fresh, yes, perSecond: counted / measured, p50: latency.percentile(50) / 1000, p99: latency.percentile(99) / 1000 };
}

/** Numbers by Zipf's law (s = 1) over `size` things: the first is asked for most. */
export function zipf(size) {
  const sums = [];
  let sum = 0;
  for (let n = 1; n <= size; n += 1) sums.push(sum += 1 / n);
  return () => {
    const wanted = Math.random() * sum;
    let low = 0;
    let high = size - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sums[middle] < wanted) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}
