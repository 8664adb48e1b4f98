import type { Database } from '@quanyu/database';
import { newId } from '@quanyu/ids';
import type { Purpose } from '../../channels/connector.js';
import type { StreamRef } from '../../queries/due-streams.js';

interface Given { readonly purpose: Purpose; readonly subjectId: string; readonly fields: readonly string[]; readonly result: 'SENT' | 'REFUSED'; readonly reason: string | null }

/** Keeps which fields of what leaves for whom, by their names, and that it is tried, as long as the shop has not taken it. */
export async function auditCopy(database: Database, { tenantId, connectionId }: StreamRef, { purpose, subjectId, fields, result, reason }: Given): Promise<void> {
  await database.write(tenantId, 'audit-copy', async (em) => {
    await em.execute('insert into copy_audit (id, tenant_id, connection_id, purpose, subject_id, fields, result, reason) values (?, ?, ?, ?, ?, ?::jsonb, ?, ?)',
      [newId('cau'), tenantId, connectionId, purpose, subjectId, JSON.stringify(fields), result, reason?.slice(0, 160) ?? null]);
    await em.execute('update shop_copy set tries = tries + 1, first_tried_at = coalesce(first_tried_at, app_now()) where connection_id = ? and purpose = ? and subject_id = ? and first_told_at is null', [connectionId, purpose, subjectId]);
  });
}
