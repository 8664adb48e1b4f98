import { createHash } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import { newId } from '@quanyu/ids';
import type { Vault } from '@quanyu/pii';
import type { SubgraphDeps } from '@quanyu/subgraph';
import type { PulledOrder } from '../../channels/connector.js';
import { PULLED_ORDER } from '../../channels/channel.js';
import { bodySeal } from '../../seal-contexts.js';
import type { StreamRef } from '../../queries/due-streams.js';
import { moveCursor, type Progress } from './sync-lease.js';

/**
 * Keeps a page of orders as deliveries and moves the cursor past it, in one transaction. An order that is here already in
 * this very state is not kept again; the others go the way of webhooks. Gives their ids; null when the stream is another's.
 */
export function storePulled({ database, vault }: Pick<SubgraphDeps, 'database' | 'vault'>, { tenantId, connectionId }: StreamRef, runId: string, orders: readonly PulledOrder[], progress: Progress): Promise<readonly string[] | null> {
  return database.write(tenantId, 'store-pulled', async (em) => {
    if (!await moveCursor(em, connectionId, runId, progress)) return null;
    const stored = await insertPulled(em, vault, { tenantId, connectionId }, orders);
    await em.execute('update sync_run set pages = pages + 1, items = items + ?, new_items = new_items + ? where id = ?', [orders.length, stored.length, runId]);
    return stored;
  });
}

/** Keeps orders that were read at the platform; gives the ids of those that are news. @param mark makes the same state of an order another piece of news */
export async function insertPulled(em: EntityManager, vault: Vault, { tenantId, connectionId }: StreamRef, orders: readonly PulledOrder[], mark = ''): Promise<readonly string[]> {
  if (orders.length === 0) return [];
  const rows = orders.map(({ externalOrderId, updatedAt, body }) => {
    const id = newId('dlv');
    const bytes = Buffer.from(body);
    return {
      id, bytes: bytes.length, updated_at: updatedAt.toISOString(), key: `${PULLED_ORDER} ${externalOrderId} ${updatedAt.toISOString()} ${mark}`.trim(),
      hash: createHash('sha256').update(bytes).digest('base64url'), sealed: vault.seal(bytes.toString('latin1'), bodySeal(tenantId, id)),
    };
  });
  const stored = await em.execute<{ id: string }[]>(
    `insert into delivery (id, tenant_id, connection_id, topic, dedupe_key, body_hash, body_bytes, sealed_body, triggered_at)
     select r.id, ?, ?, ?, r.key, r.hash, r.bytes, r.sealed, r.updated_at
     from jsonb_to_recordset(?::jsonb) as r (id text, key text, hash text, bytes int, sealed text, updated_at timestamptz)
     on conflict do nothing returning id`, [tenantId, connectionId, PULLED_ORDER, JSON.stringify(rows)]);
  return stored.map(({ id }) => id);
}
