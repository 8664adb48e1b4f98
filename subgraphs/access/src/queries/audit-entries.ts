import { keysetPage, type GraphContext, type Page, type PageRequest } from '@quanyu/subgraph';
import { AuditEntry, type AuditEntryRow } from '../entities/audit-entry.entity.js';

const READ_ONLY = { disableIdentityMap: true } as const;

export interface AuditFilter { readonly subject?: string; readonly actorId?: string; readonly action?: string }

/** A page of the audit log, newest first. */
export const auditEntryPage = (ctx: GraphContext, { subject, actorId, action }: AuditFilter, page: PageRequest): Promise<Page<AuditEntryRow>> => {
  const where = {
    tenantId: ctx.viewer.tenantId,
    ...(subject !== undefined && { subject }), ...(actorId !== undefined && { actorId }), ...(action !== undefined && { action }),
  };
  return keysetPage<AuditEntryRow>(
    page,
    (bounds, orderBy, limit) => ctx.read((em) => em.find(AuditEntry, { ...where, ...bounds } as object, { ...READ_ONLY, orderBy, limit })),
    () => ctx.read((em) => em.count(AuditEntry, where)));
};
