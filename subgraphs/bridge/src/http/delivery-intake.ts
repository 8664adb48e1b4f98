import { AsyncLocalStorage } from 'node:async_hooks';
import { commandSeconds, killPoint } from '@quanyu/database';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { inSpan, timed } from '@quanyu/telemetry';
import { dispatchDeliveries } from '../commands/deliveries/dispatch-delivery.js';
import { sealDelivery, storeDeliveries, type DeliveryRecord, type NewDelivery } from '../commands/deliveries/store-delivery.js';

type Deps = Pick<SubgraphDeps, 'database' | 'vault' | 'jobs' | 'doorLoad'>;
interface Waiting {
  readonly delivery: DeliveryRecord;
  /** Runs something as the request's own, beside the storing: what it leads to is its, whoever's turn it was to store. */
  asked<T>(work: () => T): T;
  /** @param kept false where its connection has changed since it was verified, so that it is not stored. */
  stored(kept: boolean): void;
  failed(error: unknown): void;
}

const MOST_AT_ONCE = 256;
const MOST_BYTES = 8 * 1024 * 1024;
/** Batches under way: while one waits for the disk the next is read and verified. A third would only make both others smaller. */
const MOST_UNDER_WAY = 2;
/** Between two jobs of a channel: what comes meanwhile shares the next. */
const REST_MS = 50;

/** Stores webhooks, those that come while others are stored together: one commit for all of them. */
export class DeliveryIntake {
  readonly #waiting: Waiting[] = [];
  #storing = 0;
  /** Channels whose last job was asked for just now, and what has come since. */
  readonly #resting = new Map<string, Waiting | null>();

  constructor(private readonly deps: Deps) {}

  /** Resolves once the delivery is safe; one that is here already is. False where it is not kept, since its connection is no longer what it was verified by. */
  take(delivery: NewDelivery): Promise<boolean> {
    const asked = AsyncLocalStorage.snapshot();
    return timed(commandSeconds, { subgraph: 'bridge', command: 'store-delivery' }, () => inSpan('bridge store-delivery', { fields: { tenantId: delivery.tenantId } }, () => new Promise<boolean>((stored, failed) => {
      this.#waiting.push({ delivery: sealDelivery(this.deps, delivery), asked, stored, failed });
      this.#next();
    })));
  }

  #next(): void {
    if (this.#storing === MOST_UNDER_WAY || this.#waiting.length === 0) return;
    this.#storing += 1;
    // Not before what has arrived by now has been read: it goes along.
    setImmediate(() => {
      void this.#store(this.#batch()).finally(() => {
        this.#storing -= 1;
        this.#next();
      });
    });
  }

  #batch(): Waiting[] {
    let bytes = 0;
    const more = this.#waiting.findIndex(({ delivery }, at) => at > 0 && (at === MOST_AT_ONCE || (bytes += delivery.sealed.length) > MOST_BYTES));
    return this.#waiting.splice(0, more < 0 ? this.#waiting.length : more);
  }

  /** One job a channel, which works off all that wait there. Not waited for: the deliveries are safe, and the sweep finds them should a job get lost. */
  #dispatch(fresh: readonly Waiting[]): void {
    for (const [connectionId, [first]] of Map.groupBy(fresh, ({ delivery }) => delivery.connectionId)) {
      if (this.#resting.has(connectionId)) this.#resting.set(connectionId, this.#resting.get(connectionId) ?? first!);
      else this.#ask(connectionId, first!);
    }
  }

  #ask(connectionId: string, { asked, delivery: { id, tenantId } }: Waiting): void {
    void asked(() => dispatchDeliveries(this.deps.jobs, [{ deliveryId: id, tenantId, connectionId }]));
    this.#resting.set(connectionId, null);
    setTimeout(() => {
      const next = this.#resting.get(connectionId);
      this.#resting.delete(connectionId);
      if (next) this.#ask(connectionId, next);
    }, REST_MS).unref();
  }

  async #store(batch: readonly Waiting[]): Promise<void> {
    if (batch.length === 0) return;
    try {
      const { fresh, outdated } = await storeDeliveries(this.deps.database, batch.map(({ delivery }) => delivery));
      killPoint('bridge.store-delivery:committed');
      this.deps.doorLoad.note(batch.length);
      for (const { delivery, stored } of batch) stored(!outdated.has(delivery.id));
      this.#dispatch(batch.filter(({ delivery }) => fresh.has(delivery.id)));
    } catch (error) {
      if (batch.length > 1 && isOfOne(error)) return void await Promise.all(batch.map((one) => this.#store([one])));
      for (const { failed } of batch) failed(error);
    }
  }
}

/** What the database says of data, or of two who met: one of them may be at fault, and the others are stored without it. */
const isOfOne = (error: unknown): boolean => /^(22|23|40)/.test(String((error as { code?: unknown }).code ?? ''));
