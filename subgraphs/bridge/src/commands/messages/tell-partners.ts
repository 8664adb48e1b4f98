import type { EntityManager } from '@mikro-orm/postgresql';
import { newId } from '@quanyu/ids';
import { DOCUMENTS_ABOUT, LATEST_IS_ENOUGH, type PartnerTopic } from '../../domain/partner-topics.js';

/** An address outside that wants to hear of something. */
interface Partner { readonly id: string; readonly kind: string }

/** Plans a message to each address that wants to hear of this, in the transaction that it tells of. */
export async function tellPartners(em: EntityManager, tenantId: string, topic: PartnerTopic, data: Readonly<Record<string, unknown>>, at: Date = new Date()): Promise<void> {
  await tellEach(em, tenantId, await partnersOf(em, tenantId, topic), topic, data, at);
}

export const partnersOf = (em: EntityManager, tenantId: string, topic: PartnerTopic): Promise<Partner[]> =>
  em.execute<Partner[]>("select id, kind from webhook_endpoint where tenant_id = ? and status = 'ACTIVE' and topics @> ?::jsonb", [tenantId, JSON.stringify([topic])]);

/** The same to partners that have been looked up, for several news of one topic. */
export async function tellEach(em: EntityManager, tenantId: string, partners: readonly Partner[], topic: PartnerTopic, data: Readonly<Record<string, unknown>>, at: Date): Promise<void> {
  // A phone rings for what cannot wait.
  const endpoints = partners.filter(({ kind }) => kind !== 'SMS' || data['severity'] === 'CRITICAL');
  if (endpoints.length === 0) return;
  const body = JSON.stringify({ type: topic, timestamp: at.toISOString(), data });
  const about = DOCUMENTS_ABOUT[topic];
  const subject = about === undefined ? null : String(data[about.id]);
  for (const { id } of endpoints) {
    if (LATEST_IS_ENOUGH.has(topic) && await replaceWaiting(em, id, topic, subject, body)) continue;
    await em.execute('insert into webhook_message (id, tenant_id, endpoint_id, topic, body, subject_id) values (?, ?, ?, ?, ?, ?)', [newId('msg'), tenantId, id, topic, body, subject]);
  }
}

/** One that nobody has begun to send tells the newer news instead. */
async function replaceWaiting(em: EntityManager, endpointId: string, topic: PartnerTopic, subject: string | null, body: string): Promise<boolean> {
  const rows = await em.execute<unknown[]>(
    `update webhook_message set body = ? where id = (
       select id from webhook_message where endpoint_id = ? and topic = ? and subject_id = ? and state = 'DUE' and attempts = 0 and rendered_at is null order by id desc limit 1 for update
     ) returning 1`, [body, endpointId, topic, subject]);
  return rows.length > 0;
}
