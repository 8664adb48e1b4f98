import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { tenantDeleted, tenantRestored } from '@quanyu/events';
import { record } from '@quanyu/outbox';
import { refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import { isName } from '../domain/names.js';
import { isPackageId } from '../domain/packages.js';
import { Tenant, type TenantRow } from '../entities/tenant.entity.js';
import type { AccessErrorCode } from '../errors.js';
import { actorOf, audit, type AuditLine } from './audit.js';

type Changed = { readonly kind: 'changed' } | Refusal<AccessErrorCode>;

/** What is left out stays; an end or a limit of null takes it away. */
export interface ChangeTenant {
  readonly tenantId: string;
  readonly expectedVersion: number | null;
  readonly name: string | undefined;
  readonly status: TenantRow['status'] | undefined;
  readonly packageId: string | undefined;
  readonly expiresAt: Date | null | undefined;
  readonly accountLimit: number | null | undefined;
}

/** Changes what a merchant is called, may, and until when. Whoever is shut out by it is nobody from the next look on. */
export const changeTenant = (ctx: GraphContext, input: ChangeTenant): Promise<Changed> =>
  inTenant(ctx, 'change-tenant', input.tenantId, (tenant) => {
    const { name, status, packageId, expiresAt, accountLimit } = input;
    if (tenant.deletedAt !== null) return refuse('TENANT_DELETED', 'tenantId');
    if (input.expectedVersion !== null && input.expectedVersion !== tenant.version) return refuse('TENANT_CHANGED', 'expectedVersion');
    if (name !== undefined && !isName(name)) return refuse('NAME_INVALID', 'name');
    if (packageId !== undefined && !isPackageId(packageId)) return refuse('PACKAGE_INVALID', 'packageId');
    if (accountLimit !== undefined && accountLimit !== null && accountLimit < 1) return refuse('ACCOUNT_LIMIT_INVALID', 'accountLimit');
    if (status === 'DISABLED' && isOwn(ctx, tenant)) return refuse('OWN_TENANT', 'status');
    if (expiresAt && isOwn(ctx, tenant)) return refuse('OWN_TENANT', 'expiresAt');
    const asked = Object.entries({ name: name?.trim(), status, packageId, expiresAt, accountLimit }).filter(([field, value]) => value !== undefined && textOf(value) !== textOf(tenant[field as keyof TenantRow]));
    Object.assign(tenant, Object.fromEntries(asked));
    return asked.length === 0 ? null : { action: 'tenant-changed', subject: tenant.id, details: Object.fromEntries(asked.map(([field, value]) => [field, textOf(value)])) };
  });

/** Shuts a merchant for good. Nothing is taken away, so it can be restored. */
export const deleteTenant = (ctx: GraphContext, { tenantId, reason }: { readonly tenantId: string; readonly reason: string }): Promise<Changed> =>
  inTenant(ctx, 'delete-tenant', tenantId, (tenant, em) => {
    if (!reason.trim() || reason.length > 200) return refuse('REASON_INVALID', 'reason');
    if (isOwn(ctx, tenant)) return refuse('OWN_TENANT', 'tenantId');
    if (tenant.deletedAt !== null) return null;
    tenant.deletedAt = new Date();
    record(em, tenantDeleted({ tenantId, sequence: tenant.version + 1, data: { tenantId } }));
    return { action: 'tenant-deleted', subject: tenantId, reason: reason.trim() };
  });

/** Takes a deletion back. */
export const restoreTenant = (ctx: GraphContext, { tenantId }: { readonly tenantId: string }): Promise<Changed> =>
  inTenant(ctx, 'restore-tenant', tenantId, (tenant, em) => {
    if (tenant.deletedAt === null) return null;
    tenant.deletedAt = null;
    record(em, tenantRestored({ tenantId, sequence: tenant.version + 1, data: { tenantId } }));
    return { action: 'tenant-restored', subject: tenantId };
  });

/** Changes the row of any tenant under its lock, and writes who did; `change` answers what to write down, null where nothing is new. */
function inTenant(ctx: GraphContext, label: string, tenantId: string, change: (tenant: TenantRow, em: EntityManager) => AuditLine | Refusal<AccessErrorCode> | null): Promise<Changed> {
  return ctx.deps.database.write(tenantId, label, async (em): Promise<Changed> => {
    const tenant = await em.findOne(Tenant, { id: tenantId as never }, { lockMode: LockMode.PESSIMISTIC_WRITE });
    if (tenant === null) return refuse('TENANT_NOT_FOUND', 'tenantId');
    const line = change(tenant, em);
    if (line !== null && 'kind' in line) return line;
    if (line === null) return { kind: 'changed' };
    tenant.version += 1;
    tenant.updatedAt = new Date();
    tenant.updatedBy = ctx.viewer.subjectId;
    audit(em, { ...actorOf(ctx), tenantId }, line);
    return { kind: 'changed' };
  });
}

const isOwn = ({ viewer }: GraphContext, { id }: TenantRow): boolean => viewer.tenantId === id;
const textOf = (value: unknown): string => (value instanceof Date ? value.toISOString() : String(value));
