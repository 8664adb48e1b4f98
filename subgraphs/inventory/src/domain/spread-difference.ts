// A count is of what lies there, in whatever buckets: what is missing is missed by the main one first, what is found goes to it.
import { MAIN_BUCKET } from './available.js';

export interface BucketCount { readonly bucket: string; readonly onHand: number }

export function spreadDifference(buckets: readonly BucketCount[], difference: number): { readonly bucket: string; readonly by: number }[] {
  if (difference >= 0) return difference === 0 ? [] : [{ bucket: MAIN_BUCKET, by: difference }];
  let missing = -difference;
  return [...buckets]
    .sort((a, b) => Number(b.bucket === MAIN_BUCKET) - Number(a.bucket === MAIN_BUCKET) || b.onHand - a.onHand || (a.bucket < b.bucket ? -1 : 1))
    .flatMap(({ bucket, onHand }) => {
      const by = Math.min(missing, onHand);
      missing -= by;
      return by > 0 ? [{ bucket, by: -by }] : [];
    });
}

/** The same for levels: of each that changes, by how much. */
export const spreadOver = <Level extends BucketCount & { readonly id: string }>(levels: readonly Level[], difference: number): { readonly id: string; readonly by: number }[] =>
  spreadDifference(levels, difference).map(({ bucket, by }) => ({ id: levels.find((level) => level.bucket === bucket)!.id, by }));
