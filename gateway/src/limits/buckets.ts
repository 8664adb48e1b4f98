import { BoundedMap } from '../bounded-map.js';

/** How fast a bucket fills, and how much it holds. */
export interface BucketPolicy { readonly perSecond: number; readonly burst: number }

/** What a bucket said. */
export interface Verdict {
  readonly allowed: boolean;
  readonly limit: number;
  readonly remaining: number;
  /** Until it is full again; for one who was refused, until there is enough. */
  readonly seconds: number;
}

/** Token buckets by name, of this process or of all that share a Redis. */
export interface Buckets {
  take(name: string, amount: number, policy: BucketPolicy): Verdict | Promise<Verdict>;
  /** Gives back what was taken too much. */
  giveBack(name: string, amount: number, policy: BucketPolicy): void | Promise<void>;
}

const MOST_BUCKETS = 100_000;

export function verdictOf(left: number, amount: number, allowed: boolean, { perSecond, burst }: BucketPolicy): Verdict {
  const missing = allowed ? burst - left : amount - left;
  return { allowed, limit: burst, remaining: Math.max(0, Math.floor(left)), seconds: Math.max(0, Math.ceil(missing / perSecond)) };
}

/** Buckets in memory. The longest unused is forgotten first, which fills it: whoever floods names gets no more than new ones. */
export class MemoryBuckets implements Buckets {
  readonly #buckets = new BoundedMap<string, { left: number; at: number }>(MOST_BUCKETS);

  constructor(private readonly now: () => number = () => performance.now()) {}

  take(name: string, amount: number, policy: BucketPolicy): Verdict {
    const bucket = this.#filled(name, policy);
    const allowed = bucket.left >= amount;
    if (allowed) bucket.left -= amount;
    return verdictOf(bucket.left, amount, allowed, policy);
  }

  /** Tells whether there is one, and takes nothing. */
  look(name: string, policy: BucketPolicy): Verdict {
    const { left } = this.#buckets.get(name) === undefined ? { left: policy.burst } : this.#filled(name, policy);
    return verdictOf(left, 1, left >= 1, policy);
  }

  giveBack(name: string, amount: number, policy: BucketPolicy): void {
    const bucket = this.#filled(name, policy);
    bucket.left = Math.min(policy.burst, bucket.left + amount);
  }

  #filled(name: string, { perSecond, burst }: BucketPolicy): { left: number; at: number } {
    const now = this.now();
    const bucket = this.#buckets.get(name) ?? { left: burst, at: now };
    bucket.left = Math.min(burst, bucket.left + ((now - bucket.at) / 1000) * perSecond);
    bucket.at = now;
    this.#buckets.set(name, bucket);
    return bucket;
  }
}
