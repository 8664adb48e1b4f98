import type { Database } from '@quanyu/database';
import { defineLoader, keysetPage, type GraphContext, type Page, type PageRequest } from '@quanyu/subgraph';
import type { TenantRow } from '../entities/tenant.entity.js';

/** Of a row `s` that belongs to a tenant: its people and keys are let in. By the database's clock, so that an end needs no job. */
export const TENANT_IS_OPEN = `exists (select from tenant t where t.id = s.tenant_id and t.status = 'ENABLED' and t.deleted_at is null and (t.expires_at is null or t.expires_at > app_now()))`;

const COLUMNS = `id, tenant_id as "tenantId", name, time_zone as "timeZone", base_currency as "baseCurrency", status, package_id as "packageId", expires_at as "expiresAt", account_limit as "accountLimit",
  version, created_at as "createdAt", created_by as "createdBy", updated_at as "updatedAt", updated_by as "updatedBy", deleted_at as "deletedAt"`;

/** A page of all merchants of the house, newest first; for who runs it. */
export const tenantPage = ({ deps: { database: { system } } }: GraphContext, withDeleted: boolean, page: PageRequest): Promise<Page<TenantRow>> =>
  keysetPage<TenantRow>(
    page,
    async ({ id = {} }, { id: direction }, limit) => (await system.query<TenantRow>(
      `select ${COLUMNS} from tenant where ($1 or deleted_at is null) and ($2::text is null or id < $2) and ($3::text is null or id > $3) order by id ${direction} limit $4`,
      [withDeleted, id.$lt ?? null, id.$gt ?? null, limit])).rows,
    async () => (await system.query<{ count: number }>('select count(*)::int as count from tenant where $1 or deleted_at is null', [withDeleted])).rows[0]!.count);

/** Tenants by id. The caller says whose: one's own, or any for who runs the house. */
export const tenantById = defineLoader<string, TenantRow>(async ({ deps }, ids) => {
  const { rows } = await deps.database.system.query<TenantRow>(`select ${COLUMNS} from tenant where id = any($1::text[])`, [ids]);
  return new Map(rows.map((tenant) => [tenant.id, tenant]));
});

/** How many people work for a tenant now. */
export const accountsOfTenant = defineLoader<string, number>(async ({ deps }, ids) => {
  const { rows } = await deps.database.system.query<{ tenantId: string; accounts: number }>(
    'select tenant_id as "tenantId", count(*)::int as accounts from staff where tenant_id = any($1::text[]) and removed_at is null group by tenant_id', [ids]);
  return new Map(rows.map(({ tenantId, accounts }) => [tenantId, accounts]));
});

/** Whether a tenant's people are let in; for who knows them from elsewhere. */
export async function tenantIsOpen({ system }: Pick<Database, 'system'>, tenantId: string): Promise<boolean> {
  const { rows: [row] } = await system.query<{ open: boolean }>(`select ${TENANT_IS_OPEN} as open from (select $1::text as tenant_id) s`, [tenantId]);
  return row!.open;
}
