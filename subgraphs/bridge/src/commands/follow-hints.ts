import type { SubgraphDeps } from '@quanyu/subgraph';
import type { Hint } from '../channels/channel.js';
import type { Account, FoundPayment, PulledOrder } from '../channels/connector.js';
import type { Shops } from '../outbound/shops.js';
import { channelAccount } from '../queries/channel-account.js';
import type { StreamRef } from '../queries/due-streams.js';
import type { Outcome } from './finish-delivery.js';
import { openShop } from './open-shop.js';

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
  const orders: PulledOrder[] = [];
  const payments: FoundPayment[] = [];
  for (const hint of hints) {
    if (hint.kind === 'ORDER') {
      const order = await shop.client.getOrder?.(hint.externalOrderId);
      if (order) orders.push(order);
    } else {
      const payment = await shop.client.findPayment?.(hint.paymentId);
      if (payment) payments.push(payment);
    }
  }
  return orders.length + payments.length === 0 ? { kind: 'ignored', reason: 'NOTHING_OF_OURS' } : { kind: 'found', orders, payments };
}
