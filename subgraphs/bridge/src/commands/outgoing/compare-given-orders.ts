import type { EntityManager } from '@mikro-orm/postgresql';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { log } from '@quanyu/telemetry';
import type { Client, GivenOrder, Window } from '../../channels/connector.js';
import { PlatformError } from '../../outbound/platform-error.js';
import type { Shops } from '../../outbound/shops.js';
import type { StreamRef } from '../../queries/due-streams.js';
import { openShop } from '../connections/open-shop.js';
import { raiseAlert, resolveAlertsOf } from '../messages/alerts.js';
import { endRun, failRun } from '../sync/end-run.js';
import { takeStream } from '../sync/sync-lease.js';

const EVERY_SECONDS = 3_600;
const MINUTE_MS = 60_000;
const COMPARED_MS = 2 * 24 * 60 * MINUTE_MS;
/** Clocks differ, and what was written just now may not be shown yet: at both ends of the window nothing is judged. */
const MARGIN_MS = 10 * MINUTE_MS;
const NEWEST_MS = 5 * MINUTE_MS;
/** Where there are more, the oldest of them are compared. */
const MOST_PAGES = 50;
const NAMED = 10;

/**
 * Compares the orders of two days that we have given to a system that ships for us with those that it has: somebody may have
 * deleted or cancelled one there, or a list of ours may have been restored from before it was written. A person looks; a
 * parcel that is sent twice is worse than one that is late.
 */
export async function compareGivenOrders(deps: Pick<SubgraphDeps, 'database' | 'vault'>, shops: Shops, stream: StreamRef): Promise<void> {
  const lease = await takeStream(deps.database, stream, 'GIVEN');
  if (lease === null) return;
  try {
    const shop = await openShop(deps, shops, stream);
    if (shop?.client.givenOrders !== undefined) {
      const to = new Date(Date.now() - NEWEST_MS);
      const { there, until } = await read(shop.client.givenOrders, { from: new Date(to.getTime() - COMPARED_MS), to });
      await deps.database.write(stream.tenantId, 'compare-given-orders', (em) => judge(em, stream, lease.runId, there, { from: new Date(to.getTime() - COMPARED_MS + MARGIN_MS), to: new Date(until.getTime() - MARGIN_MS) }));
    }
    await endRun(deps.database, stream, lease, EVERY_SECONDS);
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    log.warn('given orders cannot be compared', { tenantId: stream.tenantId, connectionId: stream.connectionId, step: 'compare-given-orders', errorCode: error.code });
    await failRun(deps.database, stream, lease, error);
  }
}

async function read(givenOrders: NonNullable<Client['givenOrders']>, window: Window): Promise<{ readonly there: readonly GivenOrder[]; readonly until: Date }> {
  const there: GivenOrder[] = [];
  let page: string | null = null;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const { orders, next } = await givenOrders(window, page);
    there.push(...orders);
    if (next === null) return { there, until: window.to };
    page = next;
  }
  return { there, until: there.at(-1)?.writtenAt ?? window.from };
}

async function judge(em: EntityManager, { tenantId, connectionId }: StreamRef, runId: string, there: readonly GivenOrder[], { from, to }: Window): Promise<void> {
  const differing = await em.execute<{ order_id: string; kind: 'missing' | 'unknown' }[]>(
    `with there as materialized (select * from jsonb_to_recordset(?::jsonb) as t (external text, source text, cancelled boolean))
     select o.order_id, 'missing' as kind from outgoing_order o
     where o.connection_id = ? and o.purpose = 'SHIP' and o.state = 'WRITTEN' and o.written_at between ? and ?
       and not exists (select from there t where not t.cancelled and coalesce(t.source = o.order_id, t.external = o.external_order_id))
       and not exists (select from outside_parcel p where p.connection_id = o.connection_id and p.order_id = o.order_id)
     union all
     select t.source, 'unknown' from there t
     where t.source like 'ord\\_%' and not t.cancelled and not exists (select from outgoing_order o where o.connection_id = ? and o.order_id = t.source)
     order by 2, 1`,
    [JSON.stringify(there.map(({ externalOrderId, sourceId, cancelled }) => ({ external: externalOrderId, source: sourceId, cancelled }))), connectionId, from, to, connectionId]);
  await em.execute('update sync_run set pages = pages + 1, items = items + ?, new_items = new_items + ? where id = ?', [there.length, differing.length, runId]);
  if (differing.length === 0) return resolveAlertsOf(em, tenantId, { code: 'GIVEN_ORDERS_DIFFER', subjectId: connectionId });
  const missing = differing.filter(({ kind }) => kind === 'missing').length;
  const named = differing.slice(0, NAMED).map(({ order_id: id }) => id).join(', ');
  await raiseAlert(em, { tenantId, code: 'GIVEN_ORDERS_DIFFER', subjectKind: 'CHANNEL', subjectId: connectionId, connectionId, params: { missing, unknown: differing.length - missing, orders: differing.length > NAMED ? `${named}, …` : named } });
}
