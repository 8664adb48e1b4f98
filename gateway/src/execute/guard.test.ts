import { beforeEach, describe, expect, it } from '@jest/globals';
import { configureLog } from '@quanyu/telemetry';
import { parse, type ExecutionResult } from 'graphql';
import type { Patience, SubgraphRequest } from '../sources/source.js';
import { CircuitOpen, SubgraphGuard, type GuardOptions } from './guard.js';
import { CONTEXT } from './small-graph.test.js';
import { NobodyWaits, TookTooLong, Waiting } from './waiting.js';

const REQUEST: SubgraphRequest = { query: '{ a }', document: parse('{ a }') };
const FINE: ExecutionResult = { data: { a: 1 } };

let calls: Patience[];
let answer: () => Promise<ExecutionResult>;
const fails = (): Promise<ExecutionResult> => Promise.reject(new Error('connect ECONNREFUSED'));
beforeEach(() => {
  configureLog({ level: 'silent' });
  calls = [];
  answer = () => Promise.resolve(FINE);
});

function guard(options: Partial<GuardOptions> = {}): { ask(query?: boolean, waiting?: Waiting): Promise<ExecutionResult> } {
  const source = {
    name: 'a',
    execute: (_request: SubgraphRequest, _context: unknown, patience: Patience) => { calls.push(patience); return answer(); },
    subscribe: () => { throw new Error('nobody subscribes here'); },
  };
  const guarded = new SubgraphGuard(source, { timeoutMilliseconds: 5_000, ...options });
  return { ask: (query = true, waiting = new Waiting(10_000)) => guarded.send(REQUEST, CONTEXT, waiting, query) };
}

describe('a subgraph that gives no answer', () => {
  it('is asked a query once more, and a mutation never', async () => {
    answer = () => (calls.length === 1 ? fails() : Promise.resolve(FINE));
    expect(await guard().ask()).toBe(FINE);
    expect(calls).toHaveLength(2);
    calls.length = 0;
    await expect(guard().ask(false)).rejects.toThrow('ECONNREFUSED');
    expect(calls).toHaveLength(1);
  });

  it('is not asked again what it took too long for', async () => {
    answer = () => new Promise(() => undefined);
    await expect(guard({ timeoutMilliseconds: 20 }).ask()).rejects.toThrow(TookTooLong);
    expect(calls).toHaveLength(1);
    expect(calls[0]?.signal.aborted).toBe(true);
  });

  it('gets no more retries than a tenth of what it answers', async () => {
    const { ask } = guard({ failures: Infinity });
    answer = fails;
    for (let i = 0; i < 50; i += 1) await ask().catch(() => undefined);
    expect(calls).toHaveLength(60);
    answer = () => Promise.resolve(FINE);
    for (let i = 0; i < 20; i += 1) await ask();
    calls.length = 0;
    answer = fails;
    for (let i = 0; i < 10; i += 1) await ask().catch(() => undefined);
    expect(calls).toHaveLength(12);
  });
});

describe('a subgraph that keeps failing', () => {
  it('is left alone for a while, then tried by one call alone, and left alone for longer when that fails too', async () => {
    const { ask } = guard({ failures: 3, pauseMilliseconds: 40 });
    answer = fails;
    for (let i = 0; i < 3; i += 1) await expect(ask(false)).rejects.toThrow('ECONNREFUSED');
    await expect(ask(false)).rejects.toThrow(CircuitOpen);
    await expect(ask(true)).rejects.toThrow(CircuitOpen);
    expect(calls).toHaveLength(3);

    const opensAgain = async (): Promise<number> => {
      const since = performance.now();
      for (;;) {
        const refused = await ask(false).then(() => false, (error: unknown) => error instanceof CircuitOpen);
        if (!refused) return performance.now() - since;
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
    };
    await opensAgain();
    expect(calls).toHaveLength(4);
    expect(await opensAgain()).toBeGreaterThan(60);

    let release = (): void => undefined;
    answer = () => new Promise((resolve) => { release = () => resolve(FINE); });
    let probe: Promise<ExecutionResult> | undefined;
    while (calls.length < 6) {
      probe = ask(false);
      probe.catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await expect(ask(false)).rejects.toThrow(CircuitOpen);
    release();
    expect(await probe).toBe(FINE);
    answer = () => Promise.resolve(FINE);
    expect(await Promise.all([ask(), ask(), ask()])).toEqual([FINE, FINE, FINE]);
  });

  it('is not blamed for clients that leave', async () => {
    const { ask } = guard({ failures: 1 });
    answer = () => new Promise(() => undefined);
    const waiting = new Waiting(10_000);
    const left = ask(true, waiting);
    waiting.end();
    await expect(left).rejects.toThrow(NobodyWaits);
    expect(calls[0]?.signal.aborted).toBe(true);
    answer = () => Promise.resolve(FINE);
    expect(await ask()).toBe(FINE);
  });
});

describe('the deadline', () => {
  it('is the sooner one of the operation and of the subgraph, and is passed on', async () => {
    const { ask } = guard({ timeoutMilliseconds: 1_000 });
    const began = Date.now();
    await ask(true, new Waiting(10_000));
    await ask(true, new Waiting(300));
    const [ofSubgraph, ofOperation] = calls.map(({ deadline }) => deadline - began);
    expect(ofSubgraph).toBeGreaterThanOrEqual(1_000);
    expect(ofOperation).toBeGreaterThanOrEqual(300);
    expect(ofOperation).toBeLessThan(1_000);
  });

  it('leaves no call to be made when it is over', async () => {
    await expect(guard().ask(true, new Waiting(-1))).rejects.toThrow(TookTooLong);
    expect(calls).toHaveLength(0);
  });
});
