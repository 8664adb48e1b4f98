import { defineLoader, keysetPage, type GraphContext, type Page, type PageRequest } from '@quanyu/subgraph';
import { PartnerKey, type PartnerKeyRow } from '../entities/partner-key.entity.js';

const READ_ONLY = { disableIdentityMap: true } as const;

/** A page of the tenant's keys, newest first, revoked ones among them. */
export const partnerKeyPage = (ctx: GraphContext, page: PageRequest): Promise<Page<PartnerKeyRow>> => {
  const where = { tenantId: ctx.viewer.tenantId };
  return keysetPage<PartnerKeyRow>(
    page,
    (bounds, orderBy, limit) => ctx.read((em) => em.find(PartnerKey, { ...where, ...bounds } as object, { ...READ_ONLY, orderBy, limit })),
    () => ctx.read((em) => em.count(PartnerKey, where)));
};

export const partnerKeyById = defineLoader<string, PartnerKeyRow>(async (ctx, ids) => {
  const keys = await ctx.read((em) => em.find(PartnerKey, { tenantId: ctx.viewer.tenantId, id: { $in: ids as never } }, READ_ONLY));
  return new Map(keys.map((key) => [key.id, key]));
});
