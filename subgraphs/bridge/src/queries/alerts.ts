import type { FilterQuery } from '@mikro-orm/core';
import { defineLoader, keysetPage, type GraphContext, type Page, type PageRequest } from '@quanyu/subgraph';
import { Alert, type AlertRow } from '../entities/alert.entity.js';

const READ_ONLY = { disableIdentityMap: true } as const;

/** Alerts of the channels that the viewer may see, and of none; not those marks whose cause ended before it was raised. */
const visible = (ctx: GraphContext): FilterQuery<AlertRow> => ({
  $and: [
    { tenantId: ctx.viewer.tenantId, count: { $gt: 0 } },
    ctx.viewer.channels === 'all' ? {} : { $or: [{ connectionId: null }, { connectionId: { $in: [...ctx.viewer.channels] } }] },
  ],
});

/** A page of alerts, newest first. */
export const alertPage = (ctx: GraphContext, { state }: { readonly state: AlertRow['state'] | null }, page: PageRequest): Promise<Page<AlertRow>> => {
  const where = (bounds: object): FilterQuery<AlertRow> => ({ $and: [visible(ctx), bounds, state === null ? {} : { state }] } as FilterQuery<AlertRow>);
  return keysetPage<AlertRow>(
    page,
    (bounds, orderBy, limit) => ctx.read((em) => em.find(Alert, where(bounds), { ...READ_ONLY, orderBy, limit })),
    () => ctx.read((em) => em.count(Alert, where({}))));
};

export const alertById = defineLoader<string, AlertRow>(async (ctx, ids) => {
  const alerts = await ctx.read((em) => em.find(Alert, { $and: [visible(ctx), { id: { $in: [...ids] as never } }] } as FilterQuery<AlertRow>, READ_ONLY));
  return new Map(alerts.map((alert) => [alert.id, alert]));
});
