import { CallError, runDocument, ServiceUnavailableError } from '@quanyu/calls';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Database } from '@quanyu/database';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { log } from '@quanyu/telemetry';
import type { z } from 'zod';
import { DOCUMENTS_ABOUT, type PartnerTopic } from '../../domain/partner-topics.js';
import { raiseAlert } from './alerts.js';

type Deps = Pick<SubgraphDeps, 'database' | 'calls'>;
export interface PartnerDocument { readonly tenantId: string; readonly keyId: string; readonly document: string; readonly topic: PartnerTopic }
type Told = z.output<typeof runDocument.output>;

/** Asks the gateway for what a partner's document tells of one thing, or whether it holds at all. A gateway that does not answer is a failure that passes. */
export async function askDocument({ calls }: Pick<Deps, 'calls'>, { tenantId, keyId, document, topic }: PartnerDocument, id: string | null): Promise<Told> {
  const about = DOCUMENTS_ABOUT[topic];
  if (about === undefined) return { kind: 'refused', code: 'WRONG_TYPE', message: `No document tells of ${topic}.` };
  try {
    return await calls.invoke(runDocument, { tenantId, keyId, document, about: about.type, id });
  } catch (error) {
    if (error instanceof CallError || error instanceof ServiceUnavailableError) return { kind: 'failed', code: 'GATEWAY_UNAVAILABLE' };
    throw error;
  }
}

/** Stops telling an address whose document does not hold any more, and says why. What waits for it waits on. */
export async function disableDocument(em: EntityManager, tenantId: string, endpointId: string, fault: string): Promise<void> {
  const [row] = await em.execute<{ name: string }[]>("update webhook_endpoint set status = 'DISABLED', document_fault = ?, document_checked_at = app_now() where id = ? and status = 'ACTIVE' returning name", [fault.slice(0, 300), endpointId]);
  if (row !== undefined) await raiseAlert(em, { tenantId, code: 'PARTNER_DOCUMENT_REFUSED', subjectKind: 'CHANNEL', subjectId: endpointId, connectionId: null, params: { name: row.name, reason: fault.slice(0, 300) } });
}

/** So often, and with each message, a document is held against the graph as it is now. */
const CHECK_HOURS = 1;
interface Due { readonly id: string; readonly tenantId: string; readonly keyId: string; readonly document: string; readonly topic: PartnerTopic }

/** Holds the documents against the graph and the rights as they are now: they change without a word to who has stored them. */
export async function checkDocuments(deps: Deps): Promise<void> {
  for (const { id, ...document } of await dueDocuments(deps.database)) {
    const told = await askDocument(deps, document, null);
    if (told.kind === 'failed') log.warn('partner document not looked at', { tenantId: document.tenantId, step: 'check-documents', errorCode: told.code });
    await deps.database.write(document.tenantId, 'check-document', async (em) => {
      if (told.kind === 'refused') await disableDocument(em, document.tenantId, id, `${told.code}: ${told.message}`);
      else if (told.kind === 'valid') await em.execute('update webhook_endpoint set document_checked_at = app_now() where id = ?', [id]);
    });
  }
}

async function dueDocuments({ system }: Pick<Database, 'system'>): Promise<readonly Due[]> {
  const { rows } = await system.query<Due>(
    `select id, tenant_id as "tenantId", key_id as "keyId", document, topics ->> 0 as topic from webhook_endpoint
     where document is not null and status = 'ACTIVE' and (document_checked_at is null or document_checked_at < app_now() - interval '${CHECK_HOURS} hours') order by document_checked_at nulls first limit 200`);
  return rows;
}
