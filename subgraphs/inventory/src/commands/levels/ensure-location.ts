import type { EntityManager } from '@mikro-orm/postgresql';
import { newId } from '@quanyu/ids';
import { Location, type LocationRow } from '../../entities/location.entity.js';

/** The location of a code, made with the code as its name when it is new. */
export async function ensureLocation(em: EntityManager, tenantId: string, code: string): Promise<LocationRow> {
  await em.execute('insert into location (id, tenant_id, code, name) values (?, ?, ?, ?) on conflict do nothing', [newId('loc'), tenantId, code, code]);
  return em.findOneOrFail(Location, { tenantId, code });
}
