import type { EntityManager } from '@mikro-orm/postgresql';
import { newId } from '@quanyu/ids';
import type { PartnerTopic } from '../domain/partner-topics.js';

/** Plans a message to each address that wants to hear of this, in the transaction that it tells of. */
export async function tellPartners(em: EntityManager, tenantId: string, topic: PartnerTopic, data: Readonly<Record<string, unknown>>, at: Date = new Date()): Promise<void> {
  const endpoints = (await em.execute<{ id: string; kind: string }[]>("select id, kind from webhook_endpoint where tenant_id = ? and status = 'ACTIVE' and topics @> ?::jsonb", [tenantId, JSON.stringify([topic])]))
    // A phone rings for what cannot wait.
    .filter(({ kind }) => kind !== 'SMS' || data['severity'] === 'CRITICAL');
  if (endpoints.length === 0) return;
  const body = JSON.stringify({ type: topic, timestamp: at.toISOString(), data });
  for (const { id } of endpoints) await em.execute('insert into webhook_message (id, tenant_id, endpoint_id, topic, body) values (?, ?, ?, ?, ?)', [newId('msg'), tenantId, id, topic, body]);
}
