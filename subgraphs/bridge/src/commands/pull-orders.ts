import type { SubgraphDeps } from '@quanyu/subgraph';
import { log } from '@quanyu/telemetry';
import type { Client, PullPolicy } from '../channels/connector.js';
import { isCaughtUp, windowAfter } from '../domain/sync-plan.js';
import { PlatformError } from '../outbound/platform-error.js';
import type { Shops } from '../outbound/shops.js';
import { dispatchDelivery } from './dispatch-delivery.js';
import { endRun, failRun } from './end-run.js';
import { openShop } from './open-shop.js';
import { storePulled } from './store-pulled.js';
import type { StreamRef } from '../queries/due-streams.js';
import { takeStream, type Lease } from './sync-lease.js';

type Deps = Pick<SubgraphDeps, 'database' | 'vault' | 'jobs'>;

/** So many pages a run, that a shop with years of orders lets others have their turn. */
const PAGES = 200;

/**
 * Reads a shop's changed orders from where its cursor stands. No transaction is open while the platform is asked; a page
 * and the cursor behind it are kept together, so a kill at any line reads a page twice and loses none.
 */
export async function pullOrders(deps: Deps, shops: Shops, stream: StreamRef): Promise<void> {
  const lease = await takeStream(deps.database, stream);
  if (lease === null) return;
  try {
    const shop = await openShop(deps, shops, stream);
    // Disabled, or switched off, since it was planned: looked at again at the usual time.
    if (shop?.client.pullOrders === undefined || shop.connector.pull === null) return await endRun(deps.database, stream, lease, 300);
    const caughtUp = await read(deps, stream, lease, shop.client as Required<Pick<Client, 'pullOrders'>>, shop.connector.pull);
    await endRun(deps.database, stream, lease, caughtUp ? shop.connector.pull.everySeconds : 0);
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    log.warn('shop cannot be read', { tenantId: stream.tenantId, connectionId: stream.connectionId, step: 'pull-orders', errorCode: error.code });
    await failRun(deps.database, stream, lease, error);
  }
}

async function read(deps: Deps, stream: StreamRef, lease: Lease, client: Required<Pick<Client, 'pullOrders'>>, policy: PullPolicy): Promise<boolean> {
  let { cursor, page } = lease;
  let window = lease.windowTo === null ? windowAfter(cursor, new Date(), policy) : { from: new Date(cursor.getTime() - policy.overlapSeconds * 1000), to: lease.windowTo };
  for (let pages = 0; window !== null && pages < PAGES; pages += 1) {
    const { orders, next } = await client.pullOrders(window, page);
    const stored = await storePulled(deps, stream, lease.runId, orders, next === null ? { kind: 'window', cursor: window.to } : { kind: 'page', window, page: next });
    if (stored === null) return true;
    for (const deliveryId of stored) void dispatchDelivery(deps.jobs, { deliveryId, ...stream });
    page = next;
    if (next !== null) continue;
    cursor = window.to;
    const now = new Date();
    window = isCaughtUp(cursor, now, policy) ? null : windowAfter(cursor, now, policy);
  }
  return window === null;
}
