import type { fetchOpenOrders, readOrdersAgain } from '@quanyu/calls';
import type { SubgraphDeps } from '@quanyu/subgraph';
import type { z } from 'zod';
import { CHANNELS } from '../../channels/channels.js';
import type { PullPolicy, PulledOrder } from '../../channels/connector.js';
import { parseJson } from '../../channels/reading/parse-json.js';
import type { Shops } from '../../outbound/shops.js';
import { dispatchDeliveries } from '../deliveries/dispatch-delivery.js';
import { openShop, type OpenShop } from '../connections/open-shop.js';
import { insertPulled } from './store-pulled.js';

type Deps = Pick<SubgraphDeps, 'database' | 'vault' | 'jobs'>;

const OPEN_DAYS = 3;
const NOBODY = { seal: () => '', index: () => '' };

/**
 * Orders of the last days that a shop has not cancelled, a page at a time; the next page is asked for by `after`. Nothing
 * is kept. Throws PlatformError where the platform does not answer.
 */
export async function openOrders(deps: Deps, shops: Shops, { tenantId, connectionId, changedBefore, after }: z.output<typeof fetchOpenOrders.input>): Promise<z.input<typeof fetchOpenOrders.output>> {
  const shop = await openShop(deps, shops, { tenantId, connectionId });
  const policy = shop?.connector.pull ?? null;
  // What waits there is not open, it is unread.
  if (shop?.client.pullOrders === undefined || policy === null || policy.reads === 'WAITING') return { orders: [], next: null };
  const end = new Date(changedBefore);
  const { from, page } = after === null ? { from: end.getTime() - OPEN_DAYS * 86_400_000, page: null } : placeOf(after);
  const to = Math.min(end.getTime(), from + policy.longestWindowSeconds * 1000, Date.now() - policy.lagSeconds * 1000);
  if (from >= to) return { orders: [], next: null };
  const { orders, next } = await shop.client.pullOrders({ from: new Date(from), to: new Date(to) }, page);
  return {
    orders: orders.filter((order) => isOpen(shop, order)).map(({ externalOrderId, updatedAt }) => ({ externalOrderId, changedAt: updatedAt.toISOString() })),
    next: next !== null ? `${from}|${next}` : isEnd(to, end, policy) ? null : `${to}|`,
  };
}

const isEnd = (to: number, end: Date, { lagSeconds }: PullPolicy): boolean => to >= Math.min(end.getTime(), Date.now() - lagSeconds * 1000) - 1000;

function placeOf(after: string): { readonly from: number; readonly page: string | null } {
  const at = after.indexOf('|');
  return { from: Number(after.slice(0, at)), page: after.slice(at + 1) || null };
}

function isOpen({ platform }: OpenShop, { body }: PulledOrder): boolean {
  const told = CHANNELS[platform].toOrder(parseJson(Buffer.from(body)), { cancelled: false, triggeredAt: null, privacy: NOBODY });
  // What we cannot read is open until somebody has looked at it.
  return told.kind !== 'order' || told.data.cancelledAt === null;
}

/** Reads orders at the shop and has them worked on as if they had just come, also those that we know in this very state. */
export async function readAgain(deps: Deps, shops: Shops, { tenantId, connectionId, externalOrderIds }: z.output<typeof readOrdersAgain.input>): Promise<z.input<typeof readOrdersAgain.output>> {
  const shop = await openShop(deps, shops, { tenantId, connectionId });
  if (shop?.client.getOrder === undefined) return { asked: 0 };
  const orders: PulledOrder[] = [];
  for (const id of externalOrderIds) {
    const order = await shop.client.getOrder(id);
    if (order !== null) orders.push(order);
  }
  // Once an hour at most: whoever asks again because nothing has happened is not told twice at once.
  const stored = await deps.database.write(tenantId, 'read-orders-again', (em) => insertPulled(em, deps.vault, { tenantId, connectionId }, orders, `again ${new Date().toISOString().slice(0, 13)}`));
  void dispatchDeliveries(deps.jobs, stored.map((deliveryId) => ({ deliveryId, tenantId, connectionId })));
  return { asked: stored.length };
}
