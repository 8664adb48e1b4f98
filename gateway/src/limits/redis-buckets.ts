import { log } from '@quanyu/telemetry';
import { Redis } from 'ioredis';
import { MemoryBuckets, verdictOf, type BucketPolicy, type Buckets, type Verdict } from './buckets.js';

/** What of a Redis client is used. */
export interface RedisScripts { eval(script: string, keys: number, ...values: (string | number)[]): Promise<unknown> }

/** By Redis' own clock: the gateways' may differ. Answers whether there was enough, and what is left in thousandths. */
const TAKE = `
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local amount, rate, burst = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local kept = redis.call('HMGET', KEYS[1], 'left', 'at')
local left = tonumber(kept[1]) or burst
left = math.min(burst, left + math.max(0, now - (tonumber(kept[2]) or now)) / 1000 * rate)
local allowed = 0
if left >= amount then left = math.min(burst, left - amount) allowed = 1 end
redis.call('HSET', KEYS[1], 'left', tostring(left), 'at', tostring(now))
redis.call('PEXPIRE', KEYS[1], math.ceil(burst / rate * 1000) + 1000)
return { allowed, math.floor(left * 1000) }`;

/** Buckets that all gateways share. While Redis is away each counts for itself: a limit that errs is better than no answer. */
export class RedisBuckets implements Buckets {
  readonly #alone = new MemoryBuckets();
  #away = false;

  constructor(private readonly redis: RedisScripts, private readonly prefix = 'quanyu:bucket:') {}

  async take(name: string, amount: number, policy: BucketPolicy): Promise<Verdict> {
    try {
      const [allowed, left] = (await this.redis.eval(TAKE, 1, this.prefix + name, amount, policy.perSecond, policy.burst)) as [number, number];
      this.#away = false;
      return verdictOf(left / 1000, amount, allowed === 1, policy);
    } catch (error) {
      // Once an outage: a line for each request would bury the rest.
      if (!this.#away) log.warn('limits cannot be shared', { error });
      this.#away = true;
      return this.#alone.take(name, amount, policy);
    }
  }

  async giveBack(name: string, amount: number, policy: BucketPolicy): Promise<void> {
    await this.take(name, -amount, policy);
  }
}

const ANSWER_WITHIN_MS = 250;

/** Connects to a Redis for buckets; what cannot be asked at once is not asked. */
export function openRedisBuckets(url: string): { readonly buckets: RedisBuckets; readonly connected: Promise<unknown>; close(): void } {
  const redis = new Redis(url, {
    enableOfflineQueue: false, maxRetriesPerRequest: 0, commandTimeout: ANSWER_WITHIN_MS, connectTimeout: 2_000, retryStrategy: (times) => Math.min(100 * 2 ** times, 2_000),
  });
  // Whoever asks for a bucket is told, and logs it.
  redis.on('error', () => undefined);
  const connected = new Promise((resolve) => redis.once('ready', resolve));
  return { buckets: new RedisBuckets(redis as unknown as RedisScripts), connected, close: () => redis.disconnect() };
}
