import type { FilterQuery } from '@mikro-orm/core';
import { defineListLoader, defineLoader, keysetPage, type GraphContext, type LoaderOf, type Page, type PageRequest } from '@quanyu/subgraph';
import type { DeliveryState } from '../domain/delivery-state.js';
import { Delivery, type DeliveryRow } from '../entities/delivery.entity.js';

const READ_ONLY = { disableIdentityMap: true } as const;

export interface DeliveryFilter { readonly channelId: string | null; readonly state: DeliveryState | null }

/** Deliveries of the channels that the viewer may see. */
const visible = (ctx: GraphContext): FilterQuery<DeliveryRow> => ({
  tenantId: ctx.viewer.tenantId,
  ...(ctx.viewer.channels !== 'all' && { connectionId: { $in: [...ctx.viewer.channels] as never } }),
});

/** A page of deliveries, newest first. */
export const deliveryPage = (ctx: GraphContext, { channelId, state }: DeliveryFilter, page: PageRequest): Promise<Page<DeliveryRow>> => {
  const where = (bounds: object): FilterQuery<DeliveryRow> => ({
    $and: [visible(ctx), bounds, channelId === null ? {} : { connectionId: channelId }, state === null ? {} : { state }],
  } as FilterQuery<DeliveryRow>);
  return keysetPage<DeliveryRow>(
    page,
    (bounds, orderBy, limit) => ctx.read((em) => em.find(Delivery, where(bounds), { ...READ_ONLY, orderBy, limit })),
    () => ctx.read((em) => em.count(Delivery, where({}))));
};

export const deliveryById = defineLoader<string, DeliveryRow>(async (ctx, ids) => {
  const deliveries = await ctx.read((em) => em.find(Delivery, { $and: [visible(ctx), { id: { $in: [...ids] as never } }] } as FilterQuery<DeliveryRow>, READ_ONLY));
  return new Map(deliveries.map((delivery) => [delivery.id, delivery]));
});

/** A page of one channel's deliveries; many channels that ask for the same page are asked for in one statement. */
export const deliveryPageOfChannel = (ctx: GraphContext, channelId: string, page: PageRequest): Promise<Page<DeliveryRow>> =>
  keysetPage<DeliveryRow>(
    page,
    async (_bounds, { id: direction }, limit) => loaderFor(ctx, page, direction, limit)(ctx).load(channelId),
    async () => (await deliveriesOfChannel(ctx).load(channelId)) ?? 0);

const deliveriesOfChannel = defineLoader<string, number>(async (ctx, ids) => {
  const rows = await ctx.read((em) => em.execute<{ connection_id: string; count: number }[]>(
    `select connection_id, count(*)::int as count from delivery where connection_id in (${ids.map(() => '?').join(', ')}) group by connection_id`, [...ids]));
  return new Map(rows.map((row) => [row.connection_id, row.count]));
});

const loaders = new WeakMap<GraphContext, Map<string, LoaderOf<string, readonly DeliveryRow[]>>>();

function loaderFor(ctx: GraphContext, page: PageRequest, direction: 'asc' | 'desc', limit: number): LoaderOf<string, readonly DeliveryRow[]> {
  const ofRequest = loaders.get(ctx) ?? new Map<string, LoaderOf<string, readonly DeliveryRow[]>>();
  loaders.set(ctx, ofRequest);
  const key = JSON.stringify([page, limit]);
  const loader = ofRequest.get(key) ?? defineListLoader<string, DeliveryRow>((of, ids) => pagesOf(of, ids, page, direction, limit), (delivery) => delivery.connectionId);
  ofRequest.set(key, loader);
  return loader;
}

const COLUMNS = ['id', 'tenant_id', 'connection_id', 'topic', 'body_hash', 'body_bytes', 'triggered_at', 'state', 'reason_code', 'reason_path', 'attempts', 'external_order_id', 'received_at', 'done_at']
  .map((column) => `d.${column}`).join(', ');

const pagesOf = (ctx: GraphContext, ids: readonly string[], page: PageRequest, direction: 'asc' | 'desc', limit: number): Promise<DeliveryRow[]> => ctx.read(async (em) => {
  const rows = await em.execute<Record<string, unknown>[]>(
    `select p.* from unnest(array[${ids.map(() => '?').join(', ')}]::text[]) as c (id)
     cross join lateral (
       select ${COLUMNS} from delivery d where d.tenant_id = ? and d.connection_id = c.id
         and (?::text is null or d.id < ?) and (?::text is null or d.id > ?)
       order by d.id ${direction} limit ?
     ) p order by p.id ${direction}`,
    [...ids, ctx.viewer.tenantId, page.after, page.after, page.before, page.before, limit]);
  return rows.map((row) => em.map(Delivery, row as never) as DeliveryRow);
});
