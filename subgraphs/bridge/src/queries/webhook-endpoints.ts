import { defineListLoader, defineLoader, type GraphContext } from '@quanyu/subgraph';
import type { EndpointKind, PartnerTopic } from '../domain/partner-topics.js';

export interface EndpointView { readonly id: string; readonly kind: EndpointKind; readonly name: string; readonly host: string; readonly topics: PartnerTopic[]; readonly status: 'ACTIVE' | 'DISABLED'; readonly failingSince: Date | null; readonly lastSuccessAt: Date | null; readonly document: string | null; readonly keyId: string | null; readonly documentFault: string | null }
export interface MessageView { readonly id: string; readonly endpointId: string; readonly topic: string; readonly state: 'DUE' | 'SENT' | 'DEAD' | 'SKIPPED'; readonly attempts: number; readonly failureCode: string | null; readonly createdAt: Date; readonly doneAt: Date | null; readonly body: string }

interface Row { id: string; kind: EndpointView['kind']; name: string; host: string; topics: PartnerTopic[]; status: EndpointView['status']; failing_since: string | null; last_success_at: string | null; document: string | null; key_id: string | null; document_fault: string | null }
const date = (text: string | null): Date | null => (text === null ? null : new Date(text));
const COLUMNS = 'id, kind, name, host, topics, status, failing_since, last_success_at, document, key_id, document_fault';
const viewOf = ({ failing_since, last_success_at, key_id: keyId, document_fault: documentFault, ...row }: Row): EndpointView => ({ ...row, keyId, documentFault, failingSince: date(failing_since), lastSuccessAt: date(last_success_at) });

/** The addresses that hear of us: fifty at most. */
export const endpointsOf = async (ctx: GraphContext): Promise<EndpointView[]> =>
  (await ctx.read((em) => em.execute<Row[]>(`select ${COLUMNS} from webhook_endpoint where tenant_id = ? order by id`, [ctx.viewer.tenantId]))).map(viewOf);

export const endpointById = defineLoader<string, EndpointView>(async (ctx, ids) => {
  const rows = await ctx.read((em) => em.execute<Row[]>(`select ${COLUMNS} from webhook_endpoint where tenant_id = ? and id in (${ids.map(() => '?').join(', ')})`, [ctx.viewer.tenantId, ...ids]));
  return new Map(rows.map((row) => [row.id, viewOf(row)]));
});

/** The last fifty messages to addresses, newest first. */
export const lastMessages = defineListLoader<string, MessageView>(async (ctx, ids) => {
  const rows = await ctx.read((em) => em.execute<{ id: string; endpoint_id: string; topic: string; state: MessageView['state']; attempts: number; failure_code: string | null; created_at: string; done_at: string | null; body: string }[]>(
    `select m.* from unnest(array[${ids.map(() => '?').join(', ')}]::text[]) as e (id) cross join lateral (
       select id, endpoint_id, topic, state, attempts, failure_code, created_at, done_at, body from webhook_message where tenant_id = ? and endpoint_id = e.id order by id desc limit 50) m order by m.id desc`, [...ids, ctx.viewer.tenantId]));
  return rows.map((row) => ({ id: row.id, endpointId: row.endpoint_id, topic: row.topic, state: row.state, attempts: row.attempts, failureCode: row.failure_code, createdAt: new Date(row.created_at), doneAt: date(row.done_at), body: row.body }));
}, (message) => message.endpointId);
