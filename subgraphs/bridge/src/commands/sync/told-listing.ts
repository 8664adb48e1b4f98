import { isCurrency } from '@quanyu/money';
import type { SubgraphDeps } from '@quanyu/subgraph';
import type { Channel, ListingMeaning } from '../../channels/channel.js';
import { CHANNELS } from '../../channels/channels.js';
import type { Claimed } from '../deliveries/claim-delivery.js';
import type { Outcome } from '../deliveries/finish-delivery.js';
import type { ToldListing } from './keep-listed.js';

const LISTINGS: Readonly<Record<string, ListingMeaning>> = { PRODUCT: 'PRODUCT', PRODUCT_REMOVED: 'PRODUCT_REMOVED', CUSTOMER: 'CUSTOMER', CUSTOMER_REMOVED: 'CUSTOMER_REMOVED' };

/** The meaning of a topic of goods or customers; null for every other. */
export function listingMeaning({ platform, topic }: Pick<Claimed, 'platform' | 'topic'>): ListingMeaning | null {
  const { topics } = CHANNELS[platform] as Channel;
  return Object.hasOwn(topics, topic) ? LISTINGS[topics[topic]!] ?? null : null;
}

/** Reads a webhook's body of goods or customers. Its time stands for a time of change that the body does not name. */
export async function toldListing({ database }: Pick<SubgraphDeps, 'database'>, delivery: Claimed, meaning: ListingMeaning, body: unknown): Promise<Outcome> {
  const [row] = await database.read(delivery.tenantId, (em) => em.execute<{ received_ms: string; currency: string | null }[]>(
    `select (extract(epoch from d.received_at) * 1000)::bigint::text as received_ms, c.settings->>'shopCurrency' as currency from delivery d join channel_connection c on c.id = d.connection_id where d.id = ?`, [delivery.id]));
  // Headers are not signed: nothing was told after it came.
  const at = new Date(Math.min(delivery.triggeredAt?.getTime() ?? Infinity, Number(row?.received_ms ?? Date.now())));
  const context = { at, currency: row?.currency && isCurrency(row.currency) ? row.currency : null };
  const told = read((CHANNELS[delivery.platform] as Channel).listing!, meaning, body, context);
  return told === null ? { kind: 'dead', reason: 'BODY_NOT_READABLE', path: null } : { kind: 'listed', platform: delivery.platform, told, at };
}

function read(reader: NonNullable<Channel['listing']>, meaning: ListingMeaning, body: unknown, context: Parameters<typeof reader.productOf>[1]): ToldListing | null {
  if (meaning === 'PRODUCT') {
    const item = reader.productOf(body, context);
    return item && { kind: 'GOODS', item };
  }
  if (meaning === 'CUSTOMER') {
    const item = reader.customerOf(body, context);
    return item && { kind: 'CUSTOMERS', item };
  }
  const removed = reader.idOf(body);
  return removed === null ? null : { kind: meaning === 'PRODUCT_REMOVED' ? 'GOODS' : 'CUSTOMERS', removed };
}
