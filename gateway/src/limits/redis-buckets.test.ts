import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { configureLog } from '@quanyu/telemetry';
import { findRedis, startTestRedis, type TestRedis } from '@quanyu/testing';
import { openRedisBuckets, RedisBuckets } from './redis-buckets.js';

const lines: string[] = [];
configureLog({ level: 'warn', destination: { write: (line: string) => lines.push(line) } });

const POLICY = { perSecond: 0.01, burst: 10 };

(findRedis() === null ? describe.skip : describe)('buckets in Redis', () => {
  let redis: TestRedis;
  let opened: ReturnType<typeof openRedisBuckets>[];
  beforeAll(async () => {
    redis = await startTestRedis();
    opened = [1, 2].map(() => openRedisBuckets(redis.url));
    await Promise.all(opened.map(({ connected }) => connected));
  });
  afterAll(async () => {
    opened.forEach(({ close }) => close());
    await redis.close();
  });

  it('are shared by gateways, exactly, however they ask at once', async () => {
    const name = `test:${process.pid}:${Date.now()}`;
    const verdicts = await Promise.all(Array.from({ length: 40 }, (_, i) => opened[i % 2]!.buckets.take(name, 1, POLICY)));
    expect(verdicts.filter(({ allowed }) => allowed)).toHaveLength(10);
    await opened[0]!.buckets.giveBack(name, 3, POLICY);
    expect((await opened[1]!.buckets.take(name, 1, POLICY))).toMatchObject({ allowed: true, limit: 10, remaining: 2 });
    expect((await opened[1]!.buckets.take(name, 5, POLICY))).toMatchObject({ allowed: false, remaining: 2, seconds: expect.any(Number) });
  });
});

describe('without Redis', () => {
  it('each gateway counts for itself, and says so once', async () => {
    const buckets = new RedisBuckets({ eval: () => Promise.reject(new Error('connect ECONNREFUSED 10.0.0.7:6379')) });
    const verdicts = [];
    for (let i = 0; i < 15; i += 1) verdicts.push(await buckets.take('somebody', 1, POLICY));
    expect(verdicts.filter(({ allowed }) => allowed)).toHaveLength(10);
    expect(lines.filter((line) => line.includes('limits cannot be shared'))).toHaveLength(1);
  });

  it('a server that is not there costs nobody a wait', async () => {
    const { buckets, close } = openRedisBuckets('redis://127.0.0.1:1');
    expect(await buckets.take('somebody', 1, POLICY)).toMatchObject({ allowed: true, remaining: 9 });
    close();
  });
});
