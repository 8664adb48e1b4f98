import type { Database } from '@quanyu/database';

export interface FieldUsageNote {
  readonly tenantId: string;
  readonly gatewayId: string;
  readonly day: string;
  readonly counts: readonly { readonly client: string; readonly field: string; readonly requests: number }[];
}

const KEPT_DAYS = 400;

/** Keeps what a gateway has counted; lets go of what is older than anybody looks back. */
export async function noteFieldUsage(database: Database, { tenantId, gatewayId, day, counts }: FieldUsageNote): Promise<null> {
  if (counts.length === 0) return null;
  await database.write(tenantId, 'note-field-usage', async (em) => {
    await em.execute(
      `insert into field_usage (tenant_id, day, client, field, gateway_id, requests)
       select ?, ?::date, note.client, note.field, ?, note.requests from jsonb_to_recordset(?::jsonb) as note (client text, field text, requests bigint)
       order by note.client, note.field
       on conflict (tenant_id, day, client, field, gateway_id) do update set requests = greatest(field_usage.requests, excluded.requests)`,
      [tenantId, day, gatewayId, JSON.stringify(counts)]);
    await em.execute(`delete from field_usage where tenant_id = ? and day < ?::date - ${KEPT_DAYS}`, [tenantId, day]);
  });
  return null;
}
