import { defineListLoader, defineLoader, keysetPage, type GraphContext, type Page, type PageRequest } from '@quanyu/subgraph';
import { Staff, StaffChannel, type StaffChannelRow, type StaffRow } from '../entities/staff.entity.js';

const READ_ONLY = { disableIdentityMap: true } as const;

/** A page of those who work for the tenant, newest first. */
export const staffPage = (ctx: GraphContext, page: PageRequest): Promise<Page<StaffRow>> => {
  const where = { tenantId: ctx.viewer.tenantId, removedAt: null };
  return keysetPage<StaffRow>(
    page,
    (bounds, orderBy, limit) => ctx.read((em) => em.find(Staff, { ...where, ...bounds } as object, { ...READ_ONLY, orderBy, limit })),
    () => ctx.read((em) => em.count(Staff, where)));
};

/** Staff by id, those who were removed too: what they did still names them. */
export const staffById = defineLoader<string, StaffRow>(async (ctx, ids) => {
  const staff = await ctx.read((em) => em.find(Staff, { tenantId: ctx.viewer.tenantId, id: { $in: ids as never } }, READ_ONLY));
  return new Map(staff.map((member) => [member.id, member]));
});

export const channelsByStaff = defineListLoader<string, StaffChannelRow>(
  (ctx, ids) => ctx.read((em) => em.find(StaffChannel, { tenantId: ctx.viewer.tenantId, staffId: { $in: ids as never } }, { ...READ_ONLY, orderBy: { connectionId: 'asc' } })),
  (channel) => channel.staffId);
