import { AsyncLocalStorage } from 'node:async_hooks';
import { commandSeconds, killPoint } from '@quanyu/database';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { inSpan, timed } from '@quanyu/telemetry';
import { dispatchDeliveries } from '../commands/dispatch-delivery.js';
import { sealDelivery, storeDeliveries, type DeliveryRecord, type NewDelivery } from '../commands/store-delivery.js';
import { doorLoad } from '../commands/door-load.js';

type Deps = Pick<SubgraphDeps, 'database' | 'vault' | 'jobs'>;
interface Waiting {
  readonly delivery: DeliveryRecord;
  /** Runs something as the request's own, beside the storing: what it leads to is its, whoever's turn it was to store. */
  asked<T>(work: () => T): T;
  stored(): void;
  failed(error: unknown): void;
}

const MOST_AT_ONCE = 256;
const MOST_BYTES = 8 * 1024 * 1024;
/** Stores webhooks, those that come while others are stored together with the next: one commit for all of them. */
export class DeliveryIntake {
  readonly #waiting: Waiting[] = [];
  #storing = false;

  constructor(private readonly deps: Deps) {}

  /** Resolves once the delivery is safe; one that is here already is. */
  take(delivery: NewDelivery): Promise<void> {
    const asked = AsyncLocalStorage.snapshot();
    return timed(commandSeconds, { subgraph: 'bridge', command: 'store-delivery' }, () => inSpan('bridge store-delivery', { fields: { tenantId: delivery.tenantId } }, () => new Promise<void>((stored, failed) => {
      this.#waiting.push({ delivery: sealDelivery(this.deps, delivery), asked, stored, failed });
      this.#next();
    })));
  }

  #next(): void {
    if (this.#storing || this.#waiting.length === 0) return;
    this.#storing = true;
    // Not before what has arrived by now has been read: it goes along.
    setImmediate(() => {
      void this.#store(this.#batch()).finally(() => {
        this.#storing = false;
        this.#next();
      });
    });
  }

  #batch(): Waiting[] {
    let bytes = 0;
    const more = this.#waiting.findIndex(({ delivery }, at) => at > 0 && (at === MOST_AT_ONCE || (bytes += delivery.sealed.length) > MOST_BYTES));
    return this.#waiting.splice(0, more < 0 ? this.#waiting.length : more);
  }

  /** One job a channel. Not waited for: the deliveries are safe, and the sweep finds them should a job get lost. */
  #dispatch(fresh: readonly Waiting[]): void {
    const byChannel = Map.groupBy(fresh, ({ delivery }) => delivery.connectionId);
    for (const waiting of byChannel.values()) {
      void waiting[0]!.asked(() => dispatchDeliveries(this.deps.jobs, waiting.map(({ delivery: { id, tenantId, connectionId } }) => ({ deliveryId: id, tenantId, connectionId }))));
    }
  }

  async #store(batch: readonly Waiting[]): Promise<void> {
    if (batch.length === 0) return;
    try {
      const fresh = await storeDeliveries(this.deps.database, batch.map(({ delivery }) => delivery));
      killPoint('bridge.store-delivery:committed');
      doorLoad.note(batch.length);
      for (const { stored } of batch) stored();
      this.#dispatch(batch.filter(({ delivery }) => fresh.has(delivery.id)));
    } catch (error) {
      if (batch.length > 1 && isOfOne(error)) return void await Promise.all(batch.map((one) => this.#store([one])));
      for (const { failed } of batch) failed(error);
    }
  }
}

/** What the database says of data, or of two who met: one of them may be at fault, and the others are stored without it. */
const isOfOne = (error: unknown): boolean => /^(22|23|40)/.test(String((error as { code?: unknown }).code ?? ''));
