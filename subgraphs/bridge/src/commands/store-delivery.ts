import { createHash } from 'node:crypto';
import type { Id } from '@quanyu/ids';
import type { SubgraphDeps } from '@quanyu/subgraph';
import type { WebhookHead } from '../channels/channel.js';
import { bodySeal } from '../seal-contexts.js';

export interface NewDelivery { readonly id: Id<'dlv'>; readonly tenantId: string; readonly connectionId: string; readonly head: WebhookHead; readonly body: Buffer }

/** Keeps a genuine webhook, body sealed, with one statement; false when it is here already. */
export async function storeDelivery(deps: Pick<SubgraphDeps, 'database' | 'vault'>, { id, tenantId, connectionId, head, body }: NewDelivery): Promise<boolean> {
  const hash = createHash('sha256').update(body).digest('base64url');
  // Byte for byte: a body that is no UTF-8 must come out as it came in.
  const sealed = deps.vault.seal(body.toString('latin1'), bodySeal(tenantId, id));
  const stored = await deps.database.write(tenantId, 'store-delivery', (em) => em.execute<unknown[]>(
    `insert into delivery (id, tenant_id, connection_id, topic, dedupe_key, body_hash, body_bytes, sealed_body, triggered_at)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing returning 1`,
    [id, tenantId, connectionId, head.topic, head.dedupeKey, hash, body.length, sealed, head.triggeredAt]));
  return stored.length > 0;
}
