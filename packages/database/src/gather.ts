import { AsyncLocalStorage } from 'node:async_hooks';
import type { Database } from './database.js';

/** One of those who ask for the same thing at the same time. */
export interface Asked<In> {
  readonly input: In;
  /** Runs something as the asker's own: what it tells and logs is of their request, whoever's turn it was. */
  within<T>(work: () => T): T;
}

/** Answers all of them, in their order; an Error in place of an answer is that one's alone. */
export type Answering<In, Out> = (database: Database, asked: readonly Asked<In>[]) => Promise<readonly (Out | Error)[]>;

interface Waiting<In, Out> extends Asked<In> { answer(value: Out): void; fail(error: unknown): void }
interface Lane<In, Out> { readonly waiting: Waiting<In, Out>[]; underWay: number }

const MOST_AT_ONCE = 64;

/**
 * Makes a command for one of a command for many: those who ask while others are answered are answered together next, by
 * one transaction. Nobody waits for company. Where many fail, each is tried alone, so that one bad input is nobody
 * else's fault; so `answer` may run more than once, as with any transaction.
 * @param laneOf who may be answered together, say those of one tenant.
 * @param atOnce how many batches of a lane are under way at a time: two, and the next is at work while one waits for the disk.
 */
export function gathered<In, Out>(answer: Answering<In, Out>, laneOf: (input: In) => string, atOnce = 1): (database: Database, input: In) => Promise<Out> {
  const lanes = new WeakMap<Database, Map<string, Lane<In, Out>>>();

  async function settle(database: Database, batch: readonly Waiting<In, Out>[]): Promise<void> {
    try {
      const answers = await answer(database, batch);
      batch.forEach(({ answer: told, fail }, n) => { const value = answers[n] as Out | Error; if (value instanceof Error) fail(value); else told(value); });
    } catch (error) {
      if (batch.length === 1 || isOfMachine(error)) return batch.forEach(({ fail }) => fail(error));
      for (const one of batch) await settle(database, [one]);
    }
  }

  async function empty(database: Database, name: string, lane: Lane<In, Out>): Promise<void> {
    // What has arrived by now has yet to be read: it goes along.
    await new Promise((read) => { setImmediate(read); });
    while (lane.waiting.length > 0) await settle(database, lane.waiting.splice(0, MOST_AT_ONCE));
    lane.underWay -= 1;
    if (lane.underWay === 0) lanes.get(database)?.delete(name);
  }

  return (database, input) => new Promise<Out>((told, fail) => {
    const name = laneOf(input);
    const ofDatabase = lanes.get(database) ?? new Map<string, Lane<In, Out>>();
    lanes.set(database, ofDatabase);
    const one: Waiting<In, Out> = { input, within: AsyncLocalStorage.snapshot(), answer: told, fail };
    const lane: Lane<In, Out> = ofDatabase.get(name) ?? { waiting: [], underWay: 0 };
    ofDatabase.set(name, lane);
    lane.waiting.push(one);
    if (lane.underWay === atOnce || (lane.underWay > 0 && lane.waiting.length > 1)) return;
    lane.underWay += 1;
    void empty(database, name, lane);
  });
}

/** The database is away or full, or is stopping: it would say so to each of them. (08P01 is what a NUL in somebody's text makes of a message.) */
const isOfMachine = (error: unknown): boolean => {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && /^(08(?!P01)|53|57|58|E[A-Z]+$)/.test(code);
};
