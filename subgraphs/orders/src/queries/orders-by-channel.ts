import { keysetPage, type GraphContext, type Page, type PageRequest } from '@quanyu/subgraph';
import DataLoader from 'dataloader';
import { SalesOrder, type SalesOrderRow } from '../entities/sales-order.entity.js';

const loaders = new WeakMap<GraphContext, Map<string, DataLoader<string, SalesOrderRow[]>>>();

/**
 * A page of orders for each of many channels in one statement: a channel's own page is found by its index, so the cost
 * follows the rows shown, not the rows there are.
 */
export function orderPageOfChannel(ctx: GraphContext, channelId: string, page: PageRequest): Promise<Page<SalesOrderRow>> {
  const count = (): Promise<number> => ctx.read((em) => em.count(SalesOrder, { tenantId: ctx.viewer.tenantId, connectionId: channelId }));
  return keysetPage<SalesOrderRow>(page, (_, { id: direction }, limit) => loaderOf(ctx, page, direction, limit).load(channelId), count);
}

function loaderOf(ctx: GraphContext, page: PageRequest, direction: 'asc' | 'desc', limit: number): DataLoader<string, SalesOrderRow[]> {
  const ofRequest = loaders.get(ctx) ?? new Map<string, DataLoader<string, SalesOrderRow[]>>();
  loaders.set(ctx, ofRequest);
  const key = JSON.stringify([page, limit]);
  let loader = ofRequest.get(key);
  if (loader === undefined) {
    loader = new DataLoader((channelIds) => pagesOf(ctx, channelIds, page, direction, limit));
    ofRequest.set(key, loader);
  }
  return loader;
}

const pagesOf = (ctx: GraphContext, channelIds: readonly string[], page: PageRequest, direction: 'asc' | 'desc', limit: number): Promise<SalesOrderRow[][]> => ctx.read(async (em) => {
  const rows = await em.execute<Record<string, unknown>[]>(
    `select o.* from unnest(array[${channelIds.map(() => '?').join(', ')}]::text[]) as c (id)
     cross join lateral (
       select * from sales_order s where s.tenant_id = ? and s.connection_id = c.id
         and (?::text is null or s.id < ?) and (?::text is null or s.id > ?)
       order by s.id ${direction} limit ?
     ) o order by o.id ${direction}`,
    [...channelIds, ctx.viewer.tenantId, page.after, page.after, page.before, page.before, limit]);
  const orders = rows.map((row) => em.map(SalesOrder, row as never) as SalesOrderRow);
  return channelIds.map((channelId) => orders.filter((order) => order.connectionId === channelId));
});
