import type { Database } from '@quanyu/database';
import type { RoleName } from '@quanyu/viewer';

export interface StaffIdentity { readonly id: string; readonly tenantId: string; readonly name: string; readonly role: RoleName; readonly allChannels: boolean; readonly channelIds: readonly string[] }

/** Who an identity is, in whichever tenant; null when it works for none. */
export async function staffByIdentity(system: Database['system'], { issuer, subject }: { readonly issuer: string; readonly subject: string }): Promise<StaffIdentity | null> {
  const { rows: [row] } = await system.query<StaffIdentity>(
    `select id, tenant_id as "tenantId", name, role, all_channels as "allChannels",
       array(select connection_id from staff_channel c where c.staff_id = s.id order by connection_id) as "channelIds"
     from staff s where issuer = $1 and subject = $2 and removed_at is null`,
    [issuer, subject]);
  return row ?? null;
}
