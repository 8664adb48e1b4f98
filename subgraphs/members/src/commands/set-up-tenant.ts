import type { EntityManager } from '@mikro-orm/postgresql';
import { DEFAULT_RATES } from '../domain/earn.js';

/** Gives a new tenant its calendar and the default earn rates; rates that somebody has set already stay. */
export async function setUpTenant(em: EntityManager, { tenantId, timeZone }: { readonly tenantId: string; readonly timeZone: string }): Promise<void> {
  await em.execute('insert into tenant_setting (tenant_id, time_zone) values (?, ?) on conflict do nothing', [tenantId, timeZone]);
  for (const { currency, pointsPerMajor } of DEFAULT_RATES) {
    await em.execute('insert into earn_rate (tenant_id, currency, points_per_major) values (?, ?, ?) on conflict do nothing', [tenantId, currency, pointsPerMajor]);
  }
}
