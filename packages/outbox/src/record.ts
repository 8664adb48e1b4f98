import { afterCommit, beforeCommit, databaseOf } from '@quanyu/database';
import type { EventDraft } from '@quanyu/events';
import { newId } from '@quanyu/ids';
import { currentContext } from '@quanyu/telemetry';
import type { EntityManager } from '@mikro-orm/postgresql';
import { ringBell } from './bell.js';

const pending = new WeakMap<EntityManager, EventDraft[]>();

/**
 * Records an event in the transaction of `em`: it exists exactly when the change it tells of does. Nothing is sent
 * from here; the relay reads the log after the commit.
 */
export function record(em: EntityManager, draft: EventDraft): void {
  const drafts = pending.get(em);
  if (drafts !== undefined) {
    drafts.push(draft);
    return;
  }
  const first = [draft];
  pending.set(em, first);
  const database = databaseOf(em);
  let xid: bigint | undefined;
  beforeCommit(em, async () => { xid = await insert(em, first); });
  afterCommit(em, () => { if (xid !== undefined) ringBell(database, xid); });
}

/** All events of a transaction in one statement; answers the transaction's id. */
async function insert(em: EntityManager, drafts: readonly EventDraft[]): Promise<bigint> {
  const context = currentContext();
  const values = drafts.flatMap((draft) => {
    const eventId = newId('evt');
    return [
      eventId, draft.tenantId, draft.type, draft.subject, draft.sequence, JSON.stringify(draft.data),
      context?.correlationId ?? eventId, context?.causationId ?? null,
    ];
  });
  const rows = drafts.map(() => '(?, ?, ?, ?, ?, ?, ?, ?)').join(', ');
  const [first] = await em.execute<{ xid: string }[]>(
    `insert into outbox (event_id, tenant_id, type, subject, sequence, data, correlation_id, causation_id)
     values ${rows} returning xid::text as xid`, values);
  return BigInt(first!.xid);
}
