import { expect, it } from '@jest/globals';
import type { Line } from '../../outbound/outbound.js';
import { TokenBucket } from '../../outbound/token-bucket.js';
import { shoplazzaConnector } from './client.js';

it.each([['10', 10], ['40', 10], ['4', 4], ['1', 2], ['0', undefined], ['many', undefined]])('a shop of Shoplazza that says it allows %s calls a second is asked %s times, two at least and ten at most', async (limit, perSecond) => {
  const learnt: Parameters<TokenBucket['learn']>[0][] = [];
  const answer = { status: 200, headers: { 'x-ratelimit-limit': limit, 'x-ratelimit-remaining': '7' }, body: Buffer.from('{"shop":{"name":"x"}}') };
  const bucket = Object.assign(new TokenBucket(shoplazzaConnector.rate), { learn: (told: Parameters<TokenBucket['learn']>[0]) => { learnt.push(told); } });
  const line: Line = { bucket, send: async ({ judge }) => { judge?.(answer); return answer; }, files: () => Promise.reject(new Error('Shoplazza has no files')) };
  await shoplazzaConnector.open({ account: { shopDomain: 'a.myshoplaza.com', settings: { apiVersion: '2022-01' }, secrets: {} }, line, now: () => new Date() }).check();
  expect(learnt).toEqual([{ remaining: 7, ...(perSecond !== undefined && { rate: { burst: 10, perSecond } }) }]);
});
