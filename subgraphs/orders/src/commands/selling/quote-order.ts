import { offerSkus, type Calls } from '@quanyu/calls';
import { gathered, type Database } from '@quanyu/database';
import { refuse, type Refusal } from '@quanyu/subgraph';
import { isSellable, MOST_UNITS } from '../../domain/judge-lines.js';
import { linesRefusal, quote, type Offer, type Quote, type Wanted } from '../../domain/quote.js';
import { OwnChannel, type OwnChannelRow } from '../../entities/own-channel.entity.js';
import type { OrdersErrorCode } from '../../errors.js';

export interface Basket { readonly tenantId: string; readonly connectionId: string; readonly lines: readonly Wanted[] }
export type Quoted = Quote & { readonly currency: string; readonly channel: Pick<OwnChannelRow, 'kind' | 'connectionId'> };

export interface ChannelTerms { readonly kind: OwnChannelRow['kind']; readonly currency: string; readonly shippingMinor: number; readonly freeShippingFromMinor: number | null }

/** What a basket costs now in one of our own channels: its terms and the catalog's prices, one question each. */
export async function quoteOrder({ database, calls }: { readonly database: Database; readonly calls: Calls }, basket: Basket): Promise<Quoted | Refusal<OrdersErrorCode>> {
  const { tenantId, connectionId, lines } = basket;
  const unsound = linesRefusal(lines, MOST_UNITS);
  if (unsound !== null) return refuse(unsound.code, ...unsound.field);
  const terms = await termsOf(database, tenantId, connectionId);
  if (terms === null) return refuse('CHANNEL_NOT_FOUND', 'channelId');
  const skus = await offersFor(database, { tenantId, connectionId, currency: terms.currency, calls, skuIds: lines.filter(({ quantity }) => isSellable(quantity)).map(({ skuId }) => skuId) });
  const quoted = quote(lines, skus, terms);
  if (quoted.kind === 'refused') return refuse(quoted.code, ...quoted.field);
  return { ...quoted, currency: terms.currency, channel: { kind: terms.kind, connectionId: connectionId as never } };
}

/** By which an own channel sells; null for one that is closed, or is not ours. */
export const termsOf = (database: Database, tenantId: string, connectionId: string): Promise<ChannelTerms | null> => termsTogether(database, { tenantId, connectionId });

/** Asked once for baskets that are priced at the same moment. */
const termsTogether = gathered<{ readonly tenantId: string; readonly connectionId: string }, ChannelTerms | null>(async (database, asked) => {
  const { tenantId, connectionId } = asked[0]!.input;
  const [row] = await database.rows(tenantId, OwnChannel, { connectionId: connectionId as never, isOpen: true });
  const terms = row === undefined ? null : { ...row, freeShippingFromMinor: row.freeShippingFromMinor ?? null };
  return asked.map(() => terms);
}, ({ tenantId, connectionId }) => `${tenantId}/${connectionId}`);

/** Baskets that are priced at the same moment ask the catalog once. */
const offersFor = gathered<{ readonly tenantId: string; readonly connectionId: string; readonly currency: string; readonly skuIds: readonly string[]; readonly calls: Calls }, readonly Offer[]>(async (_database, asked) => {
  const { tenantId, connectionId, currency, calls } = asked[0]!.input;
  const { skus } = await calls.invoke(offerSkus, { tenantId, connectionId, currency, skuIds: [...new Set(asked.flatMap(({ input }) => input.skuIds))] });
  return asked.map(({ input }) => skus.filter(({ skuId }) => input.skuIds.includes(skuId)));
}, ({ tenantId, connectionId, currency }) => `${tenantId}/${connectionId}/${currency}`);
