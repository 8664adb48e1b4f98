import type { EventEnvelope } from '@quanyu/events';
import type pg from 'pg';

/** A place in a log: transaction, then row. */
export interface Position { readonly xid: bigint; readonly id: bigint }

export const START: Position = { xid: 0n, id: 0n };

/** A place in a log as text, for those who follow it from outside. */
export const cursorOf = ({ xid, id }: Position): string => `${xid}.${id}`;

const CURSOR = /^(\d{1,20})\.(\d{1,19})$/;

/** Reads a place from text; null for what is none. */
export function positionOf(cursor: string): Position | null {
  const [, xid, id] = CURSOR.exec(cursor) ?? [];
  return xid === undefined || id === undefined ? null : { xid: BigInt(xid), id: BigInt(id) };
}

export const isBefore = (a: Position, b: Position): boolean => a.xid < b.xid || (a.xid === b.xid && a.id < b.id);

type Queryable = Pick<pg.ClientBase, 'query'>;

interface LogRow {
  xid: string; id: string; event_id: string; tenant_id: string; type: string; subject: string; sequence: string;
  data: unknown; time: Date; correlation_id: string | null; causation_id: string | null; traceparent: string | null;
}

/** The last place that is safe to read up to: every transaction before it has ended. */
export async function safeEnd(db: Queryable): Promise<Position | null> {
  const { rows: [row] } = await db.query<{ xid: string; id: string }>(
    `select o.xid::text as xid, o.id::text as id from outbox o
     where o.xid < pg_snapshot_xmin(pg_current_snapshot()) order by o.xid desc, o.id desc limit 1`);
  return row === undefined ? null : { xid: BigInt(row.xid), id: BigInt(row.id) };
}

/**
 * Reads events after `from` up to and including `to`, in log order.
 * @param types only these; null for all.
 */
export async function readLog(
  db: Queryable, source: string, from: Position, to: Position, types: readonly string[] | null, limit: number,
): Promise<{ events: EventEnvelope[]; positions: Position[]; end: Position }> {
  const { rows } = await db.query<LogRow>({
    name: 'read-log',
    // Named by their table in ORDER BY: the bare names would mean the output's texts, and '1000' sorts before '999'.
    text: `select o.xid::text as xid, o.id::text as id, event_id, tenant_id, type, subject, sequence::text as sequence, data, time, correlation_id, causation_id, traceparent
           from outbox o where (o.xid, o.id) > ($1::text::xid8, $2::bigint) and (o.xid, o.id) <= ($3::text::xid8, $4::bigint)
             and ($5::text[] is null or type = any($5)) order by o.xid, o.id limit $6`,
    values: [String(from.xid), String(from.id), String(to.xid), String(to.id), types, limit],
  });
  const events = rows.map((row): EventEnvelope => ({
    id: row.event_id, type: row.type, source, subject: row.subject, time: row.time.toISOString(), tenantId: row.tenant_id,
    correlationId: row.correlation_id, causationId: row.causation_id, traceparent: row.traceparent, sequence: Number(row.sequence), data: row.data,
  }));
  const positions = rows.map(({ xid, id }): Position => ({ xid: BigInt(xid), id: BigInt(id) }));
  const last = positions.at(-1);
  // Fewer than asked for means that nothing else of these types lies before `to`.
  const end = rows.length === limit && last !== undefined ? last : to;
  return { events, positions, end };
}

/** Whether the log still holds what came at or before a place: only then nothing after that place has been swept away. */
export async function holdsBefore(db: Queryable, { xid, id }: Position): Promise<boolean> {
  const { rows } = await db.query('select 1 from outbox o where (o.xid, o.id) <= ($1::text::xid8, $2::bigint) limit 1', [String(xid), String(id)]);
  return rows.length > 0;
}

/** How far a consumer has come; null when it has never taken anything in. */
export async function readCursor(db: Queryable, consumer: string): Promise<Position | null> {
  const { rows: [row] } = await db.query<{ xid: string; id: string }>(
    'select xid::text as xid, id::text as id from outbox_cursor where consumer = $1', [consumer]);
  return row === undefined ? null : { xid: BigInt(row.xid), id: BigInt(row.id) };
}

/** Moves a consumer's cursor on, never back. */
export async function moveCursor(db: Queryable, consumer: string, to: Position): Promise<void> {
  await db.query(
    // Nobody waits for the disk: a cursor that a crash sets back costs events that come once more, and commits that somebody waits for have the disk to themselves.
    `insert into outbox_cursor (consumer, xid, id) select $1::text, $2::text::xid8, $3::bigint from (select set_config('synchronous_commit', 'off', true)) as unhurried
     on conflict (consumer) do update set xid = excluded.xid, id = excluded.id, moved_at = app_now()
     where (outbox_cursor.xid, outbox_cursor.id) < (excluded.xid, excluded.id)`,
    [consumer, String(to.xid), String(to.id)]);
}
