import type { EntityManager } from '@mikro-orm/postgresql';
import { channelSwitched } from '@quanyu/events';
import { record } from '@quanyu/outbox';

/** A merchant was deleted, or restored: its channels that sold go off with it, and those alone come on again. An older event changes nothing. */
export async function switchWithTenant(em: EntityManager, { tenantId, sequence, deleted }: { readonly tenantId: string; readonly sequence: number; readonly deleted: boolean }): Promise<void> {
  const newer = await em.execute<unknown[]>(
    `insert into tenant_standing (tenant_id, sequence, deleted) values (?, ?, ?)
     on conflict (tenant_id) do update set sequence = excluded.sequence, deleted = excluded.deleted where tenant_standing.sequence < excluded.sequence returning 1`, [tenantId, sequence, deleted]);
  if (newer.length === 0) return;
  const status = deleted ? 'DISABLED' : 'ACTIVE';
  const switched = await em.execute<{ id: string }[]>(
    deleted
      ? "update channel_connection set status = 'DISABLED', off_with_tenant = true where status = 'ACTIVE' returning id"
      : "update channel_connection set status = case when left_at is null then 'ACTIVE' else status end, off_with_tenant = false where off_with_tenant returning id", []);
  for (const { id } of switched) record(em, channelSwitched({ tenantId, sequence: Date.now(), data: { connectionId: id, status } }));
}
