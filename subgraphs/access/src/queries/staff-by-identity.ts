import type { Database } from '@quanyu/database';
import type { RoleName } from '@quanyu/viewer';
import { TENANT_IS_OPEN } from './tenants.js';

export interface StaffIdentity { readonly id: string; readonly tenantId: string; readonly name: string; readonly role: RoleName; readonly runsHouse: boolean; readonly allChannels: boolean; readonly channelIds: readonly string[]; readonly isOpen: boolean }

/** Who an identity is, in whichever tenant, and whether that one is open; null when it works for none. */
export async function staffByIdentity(system: Database['system'], { issuer, subject }: { readonly issuer: string; readonly subject: string }): Promise<StaffIdentity | null> {
  const { rows: [row] } = await system.query<StaffIdentity>(
    `select id, tenant_id as "tenantId", name, role, runs_house as "runsHouse", ${TENANT_IS_OPEN} as "isOpen", all_channels as "allChannels",
       array(select connection_id from staff_channel c where c.staff_id = s.id order by connection_id) as "channelIds"
     from staff s where issuer = $1 and subject = $2 and removed_at is null`,
    [issuer, subject]);
  return row ?? null;
}
