import { afterCommit, beforeCommit, databaseOf } from '@quanyu/database';
import type { EventDraft } from '@quanyu/events';
import { newId } from '@quanyu/ids';
import { currentContext, log, traceparent, withContext } from '@quanyu/telemetry';
import type { EntityManager } from '@mikro-orm/postgresql';
import { ringBell } from './bell.js';
import { logFields } from './log-fields.js';
import { eventsRecorded } from './metrics.js';

/** A draft with its id, and the thread that it belongs to: taken when it is recorded, since one transaction may serve several. */
interface Recorded extends EventDraft {
  readonly id: string;
  readonly correlationId: string;
  readonly causationId: string | null;
  readonly traceparent: string | null;
}

const pending = new WeakMap<EntityManager, Recorded[]>();

/**
 * Records an event in the transaction of `em`: it exists exactly when the change it tells of does. Nothing is sent
 * from here; the relay reads the log after the commit.
 */
export function record(em: EntityManager, draft: EventDraft): void {
  const id = newId('evt');
  const context = currentContext();
  const recorded: Recorded = { ...draft, id, correlationId: context?.correlationId ?? id, causationId: context?.causationId ?? null, traceparent: traceparent() ?? null };
  const others = pending.get(em);
  if (others !== undefined) {
    others.push(recorded);
    return;
  }
  const all = [recorded];
  pending.set(em, all);
  const database = databaseOf(em);
  let xid: bigint | undefined;
  beforeCommit(em, async () => { xid = await insert(em, all); });
  afterCommit(em, () => {
    if (xid !== undefined) ringBell(database, xid);
    // Here and not in each command: every step of every order leaves one line of one shape.
    for (const told of all) {
      eventsRecorded.add({ event: told.type });
      withContext({ correlationId: told.correlationId }, () => log.info('event told', logFields(told, `${database.name}/told`)));
    }
  });
}

/** All events of a transaction in one statement, whose text is always the same; answers the transaction's id. */
async function insert(em: EntityManager, events: readonly Recorded[]): Promise<bigint> {
  const [first] = await em.execute<{ xid: string }[]>(
    `insert into outbox (event_id, tenant_id, type, subject, sequence, data, correlation_id, causation_id, traceparent)
     select * from jsonb_to_recordset(?::jsonb) as e (id text, "tenantId" text, type text, subject text, sequence bigint, data jsonb, "correlationId" text, "causationId" text, traceparent text)
     returning xid::text as xid`, [JSON.stringify(events)]);
  return BigInt(first!.xid);
}
