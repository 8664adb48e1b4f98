import { offerSkus, type Calls } from '@quanyu/calls';
import type { Database } from '@quanyu/database';
import { refuse, type Refusal } from '@quanyu/subgraph';
import { isSellable, MOST_UNITS } from '../domain/judge-lines.js';
import { linesRefusal, quote, type Quote, type Wanted } from '../domain/quote.js';
import type { OwnChannelRow } from '../entities/own-channel.entity.js';
import type { OrdersErrorCode } from '../errors.js';

export interface Basket { readonly tenantId: string; readonly connectionId: string; readonly lines: readonly Wanted[] }
export type Quoted = Quote & { readonly currency: string; readonly channel: Pick<OwnChannelRow, 'kind' | 'connectionId'> };

interface ChannelTerms { readonly kind: OwnChannelRow['kind']; readonly currency: string; readonly shippingMinor: number; readonly freeShippingFromMinor: number | null }

/** What a basket costs now in one of our own channels: its terms and the catalog's prices, one question each. */
export async function quoteOrder({ database, calls }: { readonly database: Database; readonly calls: Calls }, basket: Basket): Promise<Quoted | Refusal<OrdersErrorCode>> {
  const { tenantId, connectionId, lines } = basket;
  const unsound = linesRefusal(lines, MOST_UNITS);
  if (unsound !== null) return refuse(unsound.code, ...unsound.field);
  const terms = await termsOf(database, tenantId, connectionId);
  if (terms === null) return refuse('CHANNEL_NOT_FOUND', 'channelId');
  const { skus } = await calls.invoke(offerSkus, { tenantId, currency: terms.currency, skuIds: lines.filter(({ quantity }) => isSellable(quantity)).map(({ skuId }) => skuId) });
  const quoted = quote(lines, skus, terms);
  if (quoted.kind === 'refused') return refuse(quoted.code, ...quoted.field);
  return { ...quoted, currency: terms.currency, channel: { kind: terms.kind, connectionId: connectionId as never } };
}

async function termsOf(database: Database, tenantId: string, connectionId: string): Promise<ChannelTerms | null> {
  const [row] = await database.read(tenantId, (em) => em.execute<{ kind: OwnChannelRow['kind']; currency: string; shipping: string; free: string | null }[]>(
    'select kind, currency, shipping_minor as shipping, free_shipping_from_minor as free from own_channel where tenant_id = ? and connection_id = ? and is_open', [tenantId, connectionId]));
  return row === undefined ? null : { kind: row.kind, currency: row.currency, shippingMinor: Number(row.shipping), freeShippingFromMinor: row.free === null ? null : Number(row.free) };
}
