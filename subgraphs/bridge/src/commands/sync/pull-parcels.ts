import type { SubgraphDeps } from '@quanyu/subgraph';
import { log } from '@quanyu/telemetry';
import { PlatformError } from '../../outbound/platform-error.js';
import type { Shops } from '../../outbound/shops.js';
import type { StreamRef } from '../../queries/due-streams.js';
import { endRun, failRun } from './end-run.js';
import { openShop } from '../connections/open-shop.js';
import { readWindows } from './read-windows.js';
import { storeParcels } from './store-parcels.js';
import { moveCursor, takeStream } from './sync-lease.js';

/** Reads what a system that ships for us has packed since it was asked last. Its pushes make it sooner; what they miss is found here. */
export async function pullParcels(deps: Pick<SubgraphDeps, 'database' | 'vault'>, shops: Shops, stream: StreamRef): Promise<void> {
  const lease = await takeStream(deps.database, stream, 'PARCELS');
  if (lease === null) return;
  try {
    const shop = await openShop(deps, shops, stream);
    const pull = shop?.client.pullShipments;
    const policy = shop?.connector.shipments;
    if (pull === undefined || policy === undefined) return await endRun(deps.database, stream, lease, 300);
    const caughtUp = await readWindows(lease, policy, async (window, page, progress) => {
      const { shipments, next } = await pull(window, page);
      const held = await deps.database.write(stream.tenantId, 'store-parcels', async (em) => {
        if (!await moveCursor(em, stream.connectionId, lease.runId, progress(next))) return false;
        const news = await storeParcels(em, stream, shipments);
        await em.execute('update sync_run set pages = pages + 1, items = items + ?, new_items = new_items + ? where id = ?', [shipments.length, news, lease.runId]);
        return true;
      });
      return held ? next : undefined;
    });
    await endRun(deps.database, stream, lease, caughtUp ? policy.everySeconds : 0);
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    log.warn('parcels cannot be read', { tenantId: stream.tenantId, connectionId: stream.connectionId, step: 'pull-parcels', errorCode: error.code });
    await failRun(deps.database, stream, lease, error);
  }
}
