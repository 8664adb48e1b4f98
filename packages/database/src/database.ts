import type { EntityName } from '@mikro-orm/core';
import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import type pg from 'pg';
import { inSpan, timed } from '@quanyu/telemetry';
import { killPoint } from './kill-point.js';
import { Selects, type Conditions, type Wanted } from './selects.js';
import { commandRetries, commandSeconds, poolConnections, poolWaiting } from './metrics.js';

type PoolCounts = Pick<pg.Pool, 'totalCount' | 'idleCount' | 'waitingCount'>;
type Hook = () => void | Promise<void>;
interface Transaction { readonly database: Database; readonly beforeCommit: Hook[]; readonly afterCommit: Hook[] }

const open = new WeakMap<EntityManager, Transaction>();

function transactionOf(em: EntityManager): Transaction {
  const transaction = open.get(em);
  if (transaction === undefined) throw new Error('This entity manager is not inside Database.write');
  return transaction;
}

/** Runs a step as the last thing inside the transaction of `em`, once, before it commits. */
export const beforeCommit = (em: EntityManager, hook: Hook): void => { transactionOf(em).beforeCommit.push(hook); };

/** Runs a step after the transaction of `em` has committed; not at all when it rolls back. */
export const afterCommit = (em: EntityManager, hook: Hook): void => { transactionOf(em).afterCommit.push(hook); };

/** The database that the transaction of `em` belongs to. */
export const databaseOf = (em: EntityManager): Database => transactionOf(em).database;

/** Whatever events came together: taking them in is one command. */
const nameOf = (label: string): string => (label.startsWith('on(') ? 'take-in-events' : label);

const SERIALIZATION_FAILURE = '40001';
const DEADLOCK = '40P01';
const MAX_TRIES = 4;

/** A subgraph's database: one transaction per command, one tenant per transaction. */
export class Database {
  readonly #unwatch: (() => void)[] = [];

  constructor(
    /** Name of the subgraph, and of its schema. */
    readonly name: string,
    readonly orm: MikroORM,
    /** Connections of the system role: across tenants, on granted tables only. */
    readonly system: pg.Pool,
    /** Overrides the SQL clock; only tests set it. */
    readonly clock?: () => Date,
    /** Sees each statement of `rows`; those of the unit of work are seen by the ORM's own listener. */
    onQuery?: (sql: string) => void,
  ) {
    this.#selects = new Selects(orm, clock, onQuery);
  }

  readonly #selects: Selects;

  readonly #closing: (() => Promise<void>)[] = [];

  /** Runs a step before the pools close: for who holds connections of its own to this database. */
  onClose(step: () => Promise<void>): void { this.#closing.push(step); }

  /**
   * One read-write transaction with the tenant set; row-level security shows no other tenant's rows. Deadlocks and
   * serialization failures are tried again up to three times, so `work` may run more than once.
   * @param label names the command, for kill points and metrics.
   */
  write<T>(tenantId: string, label: string, work: (em: EntityManager) => Promise<T>): Promise<T> {
    const command = { subgraph: this.name, command: nameOf(label) };
    return timed(commandSeconds, command, () => inSpan(`${this.name} ${command.command}`, { fields: { tenantId } }, () => this.#writeUntilDone(tenantId, label, work)));
  }

  async #writeUntilDone<T>(tenantId: string, label: string, work: (em: EntityManager) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#writeOnce(tenantId, label, work);
      } catch (error) {
        const code = (error as { code?: unknown }).code;
        if ((code !== SERIALIZATION_FAILURE && code !== DEADLOCK) || attempt === MAX_TRIES) throw error;
        commandRetries.add({ subgraph: this.name, command: nameOf(label) });
        // Jitter: two transactions that collided should not collide again in step.
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 20 * attempt));
      }
    }
  }

  async #writeOnce<T>(tenantId: string, label: string, work: (em: EntityManager) => Promise<T>): Promise<T> {
    const em = this.#fork(tenantId);
    const transaction: Transaction = { database: this, beforeCommit: [], afterCommit: [] };
    open.set(em, transaction);
    const result = await this.#within(em, {}, async () => {
      const value = await work(em);
      await em.flush();
      for (const hook of transaction.beforeCommit) await hook();
      return value;
    });
    killPoint(`${this.name}.${label}:committed`);
    for (const hook of transaction.afterCommit) await hook();
    return result;
  }

  /** One read-only transaction with the tenant set. */
  read<T>(tenantId: string, work: (em: EntityManager) => Promise<T>): Promise<T> {
    const em = this.#fork(tenantId);
    return this.#within(em, { readOnly: true }, () => work(em));
  }

  /** Rows of one table and tenant as plain objects, in one statement and on one round trip; for hot reads. */
  rows<Row extends object>(tenantId: string, entity: EntityName<Row>, where: Conditions<Row>, wanted: Wanted<Row> = {}): Promise<Row[]> {
    return this.#selects.rows(tenantId, entity, where, wanted);
  }

  /** The transaction by hand: `em.transactional` would fork once more for each, and that is most of what it costs. */
  async #within<T>(em: EntityManager, options: { readonly readOnly?: boolean }, work: () => Promise<T>): Promise<T> {
    await em.begin(options);
    try {
      const value = await work();
      await em.commit();
      return value;
    } catch (error) {
      // A connection that is gone cannot roll back, and need not: the server has done it.
      await em.rollback().catch(() => undefined);
      throw error;
    }
  }

  /** Tells how many connections a pool holds, and how many wait for one. The pool may be made later, with its first query. */
  watchPool(pool: 'app' | 'system', find: () => PoolCounts | undefined): void {
    const name = { subgraph: this.name, pool };
    const counts = (): PoolCounts => find() ?? { totalCount: 0, idleCount: 0, waitingCount: 0 };
    this.#unwatch.push(
      poolConnections.watch({ ...name, state: 'in-use' }, () => counts().totalCount - counts().idleCount),
      poolConnections.watch({ ...name, state: 'idle' }, () => counts().idleCount),
      poolWaiting.watch(name, () => counts().waitingCount),
    );
  }

  /** Closes both pools. */
  async close(): Promise<void> {
    for (const end of this.#unwatch) end();
    await Promise.all(this.#closing.splice(0).map((step) => step()));
    await Promise.all([this.orm.close(true), this.system.end()]);
  }

  #fork(tenantId: string): EntityManager {
    const variables: Record<string, string> = { 'app.tenant_id': tenantId };
    if (this.clock !== undefined) variables['app.now'] = this.clock().toISOString();
    return this.orm.em.fork({ session: { variables } });
  }
}
