import type { EntityManager } from '@mikro-orm/postgresql';
import { StaffChannel, type StaffRow } from '../entities/staff.entity.js';

export type NewStaff = Pick<StaffRow, 'id' | 'tenantId' | 'issuer' | 'subject' | 'name' | 'role' | 'allChannels'>;

/** Inserts somebody; false when the identity works for a tenant already. Waits for another one who is just doing the same. */
export async function insertStaff(em: EntityManager, staff: NewStaff): Promise<boolean> {
  const rows = await em.execute<unknown[]>(
    `insert into staff (id, tenant_id, issuer, subject, name, role, all_channels) values (?, ?, ?, ?, ?, ?, ?)
     on conflict (issuer, subject) where removed_at is null do nothing returning 1`,
    [staff.id, staff.tenantId, staff.issuer, staff.subject, staff.name, staff.role, staff.allChannels]);
  return rows.length > 0;
}

export function grantChannels(em: EntityManager, { id: staffId, tenantId }: Pick<StaffRow, 'id' | 'tenantId'>, channelIds: readonly string[]): void {
  for (const connectionId of new Set(channelIds)) em.create(StaffChannel, { staffId, connectionId, tenantId });
}
