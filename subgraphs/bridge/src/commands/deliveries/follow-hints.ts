import type { SubgraphDeps } from '@quanyu/subgraph';
import type { Hint } from '../../channels/channel.js';
import type { Account, FoundPayment, PulledOrder, Shipment } from '../../channels/connector.js';
import type { Shops } from '../../outbound/shops.js';
import { channelAccount } from '../../queries/channel-account.js';
import type { StreamRef } from '../../queries/due-streams.js';
import type { Outcome } from './finish-delivery.js';
import { openShop, type OpenShop } from '../connections/open-shop.js';
import { PlatformError } from '../../outbound/platform-error.js';
import type { Woken } from '../sync/wake-stream.js';

/**
 * Reads at the platform what a push points to: the push is a hint, what is read is the truth. Throws PlatformError where
 * the platform does not answer: the delivery is tried again.
 */
export async function followHints(deps: Pick<SubgraphDeps, 'database' | 'vault'>, shops: Shops | null, { tenantId, connectionId }: StreamRef, read: (account: Account | null) => readonly Hint[] | null): Promise<Outcome> {
  const opened = await channelAccount(deps, tenantId, connectionId);
  const hints = read(opened?.account ?? null);
  if (hints === null) return { kind: 'dead', reason: 'BODY_NOT_READABLE', path: null };
  if (hints.length === 0) return { kind: 'ignored', reason: 'NOTHING_OF_OURS' };
  const shop = shops === null ? null : await openShop(deps, shops, { tenantId, connectionId });
  if (shop === null) return { kind: 'ignored', reason: 'CHANNEL_CLOSED' };
  try {
    return await readHints(shop, hints);
  } catch (error) {
    // An address that is not the platform's is not asked, now or later.
    if (error instanceof PlatformError && error.code === 'ADDRESS_NOT_ALLOWED') return { kind: 'dead', reason: 'ADDRESS_NOT_ALLOWED', path: 'resource_url' };
    throw error;
  }
}

async function readHints(shop: OpenShop, hints: readonly Hint[]): Promise<Outcome> {
  const orders: PulledOrder[] = [];
  const payments: FoundPayment[] = [];
  const parcels: Shipment[] = [];
  const wakes = new Set<Woken>();
  for (const hint of hints) {
    if (hint.kind === 'ORDER') {
      const order = await shop.client.getOrder?.(hint.externalOrderId);
      if (order) orders.push(order);
    } else if (hint.kind === 'PAYMENT') {
      const payment = await shop.client.findPayment?.(hint.paymentId);
      if (payment) payments.push(payment);
    } else if (hint.kind === 'STOCK' || hint.kind === 'GOODS') {
      wakes.add(hint.kind);
    } else if (hint.resourceUrl === null || shop.client.shipmentsAt === undefined) {
      wakes.add('PARCELS');
    } else {
      parcels.push(...await shop.client.shipmentsAt(hint.resourceUrl));
    }
  }
  return orders.length + payments.length + parcels.length + wakes.size === 0 ? { kind: 'ignored', reason: 'NOTHING_OF_OURS' } : { kind: 'found', orders, payments, parcels, wakes: [...wakes] };
}
