import { setTimeout as sleep } from 'node:timers/promises';
import { killPoint, type Database } from '@quanyu/database';
import { ringBell } from '@quanyu/outbox';
import { log } from '@quanyu/telemetry';
import type pg from 'pg';
import type { AskOutcome, Held } from '../../domain/outcome.js';
import { currentCause } from '../cause.js';
import { newSeed } from '../seed.js';
import { admit, type Judged } from './admit.js';
import type { Ask, AskEntry, DeedAsk, Entry } from './ask.js';
import { EngineConnection } from './connection.js';
import { faultOf } from './faults.js';
import { reserveOne } from './reserve-one.js';
import { settle, type Settlement } from './settle.js';
import { SoldOutHints } from './sold-out.js';
import { tellAsk, tellDeed } from './tell-log.js';
import { WaitingLine, type Batch, type Keyed, type LineLimits } from './waiting-line.js';

const ASKS: LineLimits = { waiting: 20_000, ofOneStock: 10_000, batch: 1_024, lines: 8_192 };
const DEEDS: LineLimits = { waiting: 20_000, ofOneStock: 20_000, batch: 256, lines: 8_192 };
/** As long as it takes to be out of another transaction's way, or for a server to come back. */
const COLLISION_TRIES = 3;
const AWAY_FOR_MS = 5_000;
/** Backlog for one stock from which on a crowd may be answered from what was seen a moment ago. */
const CROWD = 1_024;
/** So many have to wait before a second batch is sent behind the first: fewer are better judged together with who comes meanwhile. */
const SECOND_BATCH = 128;

type Client = Pick<pg.ClientBase, 'query'>;
type Call<Asked, Outcome> = (client: Client, seed: string, entries: readonly Entry<Asked, Outcome>[]) => Promise<Judged<Outcome>>;

/** One kind of work: its line, the call that does a batch of it, and what follows from an answer. */
interface Work<Asked extends Keyed, Outcome> {
  readonly line: WaitingLine<Asked, Outcome>;
  readonly call: Call<Asked, Outcome>;
  readonly unavailable: Outcome;
  /** What somebody is told who asked the very same at the same time. */
  readonly asReplay: (outcome: Outcome) => Outcome;
  readonly after: (entry: Entry<Asked, Outcome>, outcome: Outcome, seed: string, n: number) => void;
}

/**
 * The one door to reservations of this process: what arrives while the last batch runs is judged together, in the order
 * of arrival, by one call. An optimisation only: the database keeps the truth, and several processes may do this at once.
 */
export class StockEngine {
  readonly #hints = new SoldOutHints();
  readonly #asks: Work<Ask, AskOutcome> = {
    line: new WaitingLine(ASKS, (a, b) => a.hash === b.hash && a.late === b.late), call: judge, unavailable: { kind: 'refused', code: 'STOCK_UNAVAILABLE' },
    asReplay: (outcome) => (outcome.kind === 'held' ? { ...outcome, replay: true } : outcome),
    after: (entry, outcome, seed, n) => {
      this.#remember(entry, outcome);
      tellAsk(this.database.name, seed, n, entry, outcome);
    },
  };
  readonly #deeds: Work<DeedAsk, Settlement> = {
    line: new WaitingLine(DEEDS, () => false), call: settle, unavailable: { kind: 'refused', code: 'STOCK_UNAVAILABLE', reason: null },
    asReplay: (outcome) => outcome,
    after: (entry, outcome, seed, n) => tellDeed(this.database.name, seed, n, entry, outcome),
  };
  readonly #connection: EngineConnection;
  #inFlight = 0;
  #scheduled = false;
  #deedsHadTheirTurn = false;

  constructor(private readonly database: Database) {
    this.#connection = new EngineConnection(database);
  }

  /** How many wait for an answer. */
  get waiting(): number { return this.#asks.line.size + this.#deeds.line.size; }

  /** Asks for stock. Resolves with a "no" too; rejects only for an ask that breaks the machine. */
  ask(asked: Ask): Promise<AskOutcome> {
    const stock = stockOf(asked);
    if (this.#asks.line.waitingFor(stock) >= CROWD && this.#hints.saysNo(stock, `${asked.tenantId} ${asked.key}`, performance.now())) return Promise.resolve({ kind: 'refused', code: 'SOLD_OUT' });
    return new Promise((answer, fail) => {
      if (!this.#asks.line.offer(entryOf(asked, stock, answer, fail))) answer({ kind: 'refused', code: 'STOCK_BUSY' });
      else this.#wake();
    });
  }

  /** Does a deed to a reservation. */
  settle(asked: DeedAsk): Promise<Settlement> {
    return new Promise((answer, fail) => {
      if (!this.#deeds.line.offer(entryOf(asked, asked.tenantId, answer, fail))) answer({ kind: 'refused', code: 'STOCK_BUSY', reason: null });
      else this.#wake();
    });
  }

  /** Gives back what has lapsed at some levels; answers how many were looked at. */
  async lapse(levels: number): Promise<number> {
    const seed = newSeed();
    const { rows: [row] } = await this.#connection.run((client) => client.query<{ levels: number; xid: string | null }>('select levels, xid from sweep_lapsed($1, $2)', [seed, levels]));
    if (row!.xid !== null) ringBell(this.database, BigInt(row!.xid));
    return row!.levels;
  }

  #wake(): void {
    if (this.#scheduled || !this.#mayStart()) return;
    this.#scheduled = true;
    // After the code that asks: what it asks for in one go is one batch.
    queueMicrotask(() => {
      this.#scheduled = false;
      while (this.#mayStart()) void this.#turn();
    });
  }

  #mayStart(): boolean {
    if (this.#inFlight === 0) return this.waiting > 0;
    return this.#inFlight === 1 && this.waiting >= SECOND_BATCH && this.#connection.pipelined;
  }

  async #turn(): Promise<void> {
    this.#inFlight += 1;
    // What gives back goes before what takes, but not all the time.
    this.#deedsHadTheirTurn = this.#deeds.line.size > 0 && (this.#asks.line.size === 0 || !this.#deedsHadTheirTurn);
    await (this.#deedsHadTheirTurn ? this.#flush(this.#deeds, this.#deeds.line.take()) : this.#flush(this.#asks, this.#asks.line.take()));
    this.#inFlight -= 1;
    this.#wake();
  }

  async #flush<Asked extends Keyed, Outcome>(work: Work<Asked, Outcome>, batch: Batch<Entry<Asked, Outcome>>): Promise<void> {
    const { entries, twins } = batch;
    try {
      const seed = newSeed();
      const { outcomes, xid } = await this.#persist((client) => work.call(client, seed, entries));
      if (xid !== null) ringBell(this.database, BigInt(xid));
      killPoint(`${this.database.name}.stock:committed`);
      const again: Entry<Asked, Outcome>[] = [];
      entries.forEach((entry, n) => {
        const outcome = outcomes[n]!;
        const others = twins.get(entry) ?? [];
        if (outcome === null) {
          again.push(entry, ...others);
          return;
        }
        work.after(entry, outcome, seed, n + 1);
        entry.answer(outcome);
        for (const other of others) other.answer(work.asReplay(outcome));
      });
      if (again.length > 0) work.line.putBack(again);
    } catch (error) {
      const others = (entry: Entry<Asked, Outcome>): readonly Entry<Asked, Outcome>[] => [entry, ...(twins.get(entry) ?? [])];
      const fault = faultOf(error);
      log.warn('a batch of stock failed', { subgraph: this.database.name, count: entries.length, errorCode: fault, error });
      if (fault === 'away' || fault === 'overload') {
        for (const entry of entries.flatMap(others)) entry.answer(work.unavailable);
      } else if (entries.length === 1) {
        for (const entry of others(entries[0]!)) entry.fail(error);
      } else {
        // One of them breaks it: halves find it, and the others get through.
        const middle = Math.ceil(entries.length / 2);
        await this.#flush(work, { entries: entries.slice(0, middle), twins });
        await this.#flush(work, { entries: entries.slice(middle), twins });
      }
    }
  }

  /** The same again as long as that may help: each call is safe to repeat by its keys. */
  async #persist<T>(work: (client: Client) => Promise<T>): Promise<T> {
    const since = performance.now();
    for (let collisions = 0; ;) {
      try {
        return await this.#connection.run(work);
      } catch (error) {
        const fault = faultOf(error);
        if (fault === 'collision') collisions += 1;
        const mayHelp = fault === 'collision' ? collisions < COLLISION_TRIES : fault === 'away' && performance.now() - since < AWAY_FOR_MS;
        if (!mayHelp) throw error;
        await sleep(fault === 'away' ? 100 : Math.random() * 10 * collisions);
      }
    }
  }

  #remember({ asked, tenantId, stock }: AskEntry, outcome: AskOutcome): void {
    if (outcome.kind === 'held') this.#hints.granted(`${tenantId} ${asked.key}`);
    else if (outcome.kind === 'short' && outcome.shortages.some(({ skuId, available }) => available === 0 && skuId === asked.lines[0]!.skuId)) this.#hints.saw(stock, performance.now());
  }
}

/** Alone: the guarded statement, and the batch for what that leaves open. */
const judge: Call<Ask, AskOutcome> = async (client, seed, entries) => {
  if (entries.length === 1) {
    const one = await reserveOne(client, seed, entries[0]!);
    if (one !== null) return { outcomes: [one.outcome satisfies Held], xid: one.xid };
  }
  return admit(client, seed, entries);
};

const stockOf = ({ tenantId, bucket, lines }: Ask): string => `${tenantId} ${bucket} ${lines[0]!.skuId}`;

function entryOf<Asked extends { readonly tenantId: string }, Outcome>(asked: Asked, stock: string, answer: (outcome: Outcome) => void, fail: (error: unknown) => void): Entry<Asked, Outcome> {
  return { tenantId: asked.tenantId, stock, asked, ...currentCause(), answer, fail };
}

const engines = new WeakMap<Database, StockEngine>();

/** The engine of a database in this process. */
export function engineOf(database: Database): StockEngine {
  let engine = engines.get(database);
  if (engine === undefined) {
    engine = new StockEngine(database);
    engines.set(database, engine);
  }
  return engine;
}
