import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { Database } from './database.js';
import { gathered } from './gather.js';

const database = {} as Database;
const refused = (code: string): Error => Object.assign(new Error(code), { code });
const outcome = async (answer: Promise<unknown>): Promise<unknown> => answer.catch((error: { code?: string; message: string }) => error.code ?? error.message);

describe('gathered', () => {
  it('answers together who asks while others are answered, each lane apart, and nobody waits for company', async () => {
    const batches: string[][] = [];
    const ask = gathered<string, string>(async (_database, asked) => {
      batches.push(asked.map(({ input }) => input));
      await sleep(20);
      return asked.map(({ input }) => input.toUpperCase());
    }, (input) => input[0]!);
    const first = ask(database, 'a1');
    await sleep(5);
    const later = ['a2', 'a3', 'b1', 'a4'].map((input) => ask(database, input));
    expect(await Promise.all([first, ...later])).toEqual(['A1', 'A2', 'A3', 'B1', 'A4']);
    expect(batches).toEqual([['a1'], ['b1'], ['a2', 'a3', 'a4']]);
    expect(await ask(database, 'a5')).toBe('A5');
  });

  it('may have two batches of a lane under way, where asked to, and gathers those who come meanwhile', async () => {
    let underWay = 0;
    let most = 0;
    const batches: string[][] = [];
    const ask = gathered<string, string>(async (_database, asked) => {
      most = Math.max(most, (underWay += 1));
      batches.push(asked.map(({ input }) => input));
      await sleep(20);
      underWay -= 1;
      return asked.map(({ input }) => input.toUpperCase());
    }, () => '', 2);
    const first = ask(database, '1');
    await sleep(2);
    const second = ask(database, '2');
    await sleep(2);
    const later = ['3', '4', '5'].map((input) => ask(database, input));
    expect(await Promise.all([first, second, ...later])).toEqual(['1', '2', '3', '4', '5']);
    expect([most, batches]).toEqual([2, [['1'], ['2'], ['3', '4', '5']]]);
    expect(await ask(database, 'a')).toBe('A');
  });

  it.each(['22021', '08P01', '23505'])('tries each alone where many fail by %s, so that one bad input is nobody else\'s fault', async (code) => {
    const ask = gathered<string, string>((_database, asked) =>
      (asked.some(({ input }) => input === 'bad') ? Promise.reject(refused(code)) : Promise.resolve(asked.map(({ input }) => input))), () => '');
    expect(await Promise.all(['x', 'bad', 'y'].map((input) => outcome(ask(database, input))))).toEqual(['x', code, 'y']);
  });

  it('does not ask a database that is away once for each', async () => {
    let calls = 0;
    const ask = gathered<number, number>(() => {
      calls += 1;
      return Promise.reject(refused('ECONNREFUSED'));
    }, () => '');
    expect(await Promise.all([1, 2, 3].map((input) => outcome(ask(database, input))))).toEqual(['ECONNREFUSED', 'ECONNREFUSED', 'ECONNREFUSED']);
    expect(calls).toBe(1);
  });

  it('gives an error in place of an answer to that one alone', async () => {
    const ask = gathered<number, number>(async (_database, asked) => asked.map(({ input }) => (input === 2 ? refused('REUSED') : input)), () => '');
    expect(await Promise.all([1, 2, 3].map((input) => outcome(ask(database, input))))).toEqual([1, 'REUSED', 3]);
  });

  it('lets what follows run as the asker\'s own', async () => {
    const requests = new AsyncLocalStorage<string>();
    const ask = gathered<string, string | undefined>(async (_database, asked) => asked.map(({ within }) => within(() => requests.getStore())), () => '');
    expect(await Promise.all(['r1', 'r2'].map((request) => requests.run(request, () => ask(database, request))))).toEqual(['r1', 'r2']);
  });
});
