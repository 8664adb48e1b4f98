import { defineListLoader } from '@quanyu/subgraph';
import { Parcel, ParcelLine, type ParcelLineRow, type ParcelRow } from '../entities/parcel.entity.js';
import { TimelineEntry, type TimelineEntryRow } from '../entities/timeline-entry.entity.js';

const READ_ONLY = { disableIdentityMap: true } as const;

// Callers have the order already: these show what belongs to it, one statement for each level.

export const timelineByOrder = defineListLoader<string, TimelineEntryRow>(
  (ctx, ids) => ctx.read((em) => em.find(TimelineEntry, { tenantId: ctx.viewer.tenantId, orderId: { $in: ids as never } }, { ...READ_ONLY, orderBy: { id: 'asc' } })),
  (entry) => entry.orderId);

export const parcelsByOrder = defineListLoader<string, ParcelRow>(
  (ctx, ids) => ctx.read((em) => em.find(Parcel, { tenantId: ctx.viewer.tenantId, orderId: { $in: ids as never } }, { ...READ_ONLY, orderBy: { id: 'asc' } })),
  (parcel) => parcel.orderId);

export const linesByParcel = defineListLoader<string, ParcelLineRow>(
  (ctx, ids) => ctx.read((em) => em.find(ParcelLine, { tenantId: ctx.viewer.tenantId, parcelId: { $in: ids as never } }, { ...READ_ONLY, orderBy: { orderLineId: 'asc' } })),
  (line) => line.parcelId);
