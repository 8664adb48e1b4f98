import type { SubgraphDeps } from '@quanyu/subgraph';
import { log } from '@quanyu/telemetry';
import { secondsBetween } from '../../channels/port/schedule-fields.js';
import { PlatformError } from '../../outbound/platform-error.js';
import type { Shops } from '../../outbound/shops.js';
import { dispatchDeliveries } from '../deliveries/dispatch-delivery.js';
import { endRun, failRun } from './end-run.js';
import { openShop } from '../connections/open-shop.js';
import { readWindows } from './read-windows.js';
import { storePulled } from './store-pulled.js';
import type { StreamRef } from '../../queries/due-streams.js';
import { takeStream } from './sync-lease.js';

type Deps = Pick<SubgraphDeps, 'database' | 'vault' | 'jobs'>;

/**
 * Reads a shop's changed orders from where its cursor stands. No transaction is open while the platform is asked; a page
 * and the cursor behind it are kept together, so a kill at any line reads a page twice and loses none.
 */
export async function pullOrders(deps: Deps, shops: Shops, stream: StreamRef): Promise<void> {
  const lease = await takeStream(deps.database, stream);
  if (lease === null) return;
  try {
    const shop = await openShop(deps, shops, stream);
    const pull = shop?.client.pullOrders;
    // Disabled, or switched off, since it was planned: looked at again at the usual time.
    if (pull === undefined || shop === null || shop.connector.pull === null || !shop.flows.includes('PULL_ORDERS')) return await endRun(deps.database, stream, lease, 300);
    const { pull: policy } = shop.connector;
    const caughtUp = await readWindows(lease, policy, async (window, page, progress) => {
      const { orders, next, acknowledge } = await pull(window, page);
      const stored = await storePulled(deps, stream, lease.runId, orders, progress(next));
      void dispatchDeliveries(deps.jobs, (stored ?? []).map((deliveryId) => ({ deliveryId, ...stream })));
      if (stored === null) return undefined;
      // Kept by now: where this fails it waits on, and is known when it is read again.
      await acknowledge?.();
      return next;
    });
    await endRun(deps.database, stream, lease, caughtUp ? secondsBetween(policy, shop.settings) : 0);
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    log.warn('shop cannot be read', { tenantId: stream.tenantId, connectionId: stream.connectionId, step: 'pull-orders', errorCode: error.code });
    await failRun(deps.database, stream, lease, error);
  }
}
