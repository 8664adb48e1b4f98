import type { EntityManager } from '@mikro-orm/postgresql';

/** Keeps what orders needs to know of a new tenant, once. */
export async function setUpTenant(em: EntityManager, { tenantId, timeZone }: { readonly tenantId: string; readonly timeZone: string }): Promise<void> {
  await em.execute('insert into tenant_setting (tenant_id, time_zone) values (?, ?) on conflict do nothing', [tenantId, timeZone]);
}
