import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Staff, StaffChannel, type StaffRow } from '../entities/staff.entity.js';
import { Tenant } from '../entities/tenant.entity.js';

export type NewStaff = Pick<StaffRow, 'id' | 'tenantId' | 'issuer' | 'subject' | 'name' | 'role' | 'allChannels'>;

/** Whether one more may work for the tenant; null where there is none. Two who are let in at once queue at its row, so they do not both take the last place. */
export async function hasRoom(em: EntityManager, tenantId: string): Promise<boolean | null> {
  const tenant = await em.findOne(Tenant, { id: tenantId as never }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  if (tenant === null) return null;
  const limit = tenant.accountLimit ?? null;
  return limit === null || (await em.count(Staff, { tenantId, removedAt: null })) < limit;
}

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
