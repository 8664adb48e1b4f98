import type { EntityManager } from '@mikro-orm/postgresql';
import { journalEntryPosted } from '@quanyu/events';
import { newId, type Id } from '@quanyu/ids';
import { record } from '@quanyu/outbox';
import { CHART, type AccountCode } from '../domain/chart-of-accounts.js';
import type { EntryKind } from '../domain/facts.js';
import type { Line } from '../domain/line.js';

export interface NewEntry {
  readonly sourceEventId: string;
  readonly orderId: string;
  readonly connectionId: string;
  readonly kind: EntryKind;
  readonly currency: string;
  readonly reversesEntryId: Id<'jrn'> | null;
  readonly lines: readonly Line[];
  /** Runs what is told of it as the effect of its event. */
  because<T>(work: () => T): T;
}

/**
 * Writes entries and tells them; the database keeps the balances, and refuses at commit what does not sum to zero.
 * Answers their ids by the event that led to each.
 */
export async function postEntries(em: EntityManager, tenantId: string, entries: readonly NewEntry[]): Promise<ReadonlyMap<string, Id<'jrn'>>> {
  if (entries.length === 0) return new Map();
  const accounts = await ensureAccounts(em, tenantId, entries);
  const numbered = entries.map((entry) => ({ ...entry, id: newId('jrn') }));
  await em.execute(
    `insert into journal_entry (id, tenant_id, source_event_id, order_id, connection_id, kind, currency, reverses_entry_id)
     select id, ?, "sourceEventId", "orderId", "connectionId", kind, currency, "reversesEntryId"
     from jsonb_to_recordset(?::jsonb) as e (id text, "sourceEventId" text, "orderId" text, "connectionId" text, kind text, currency text, "reversesEntryId" text)`,
    [tenantId, JSON.stringify(numbered.map(({ id, sourceEventId, orderId, connectionId, kind, currency, reversesEntryId }) =>
      ({ id, sourceEventId, orderId, connectionId, kind, currency, reversesEntryId })))]);
  await em.execute(
    `insert into posting (entry_id, position, tenant_id, account_id, currency, amount_minor)
     select entry, position, ?, account, currency, amount from jsonb_to_recordset(?::jsonb) as p (entry text, position int, account text, currency text, amount bigint)`,
    [tenantId, JSON.stringify(numbered.flatMap(({ id, currency, lines }) =>
      lines.map(({ account, amountMinor }, position) => ({ entry: id, position, account: accounts.get(keyOf(currency, account)), currency, amount: amountMinor }))))]);
  for (const { id: entryId, sourceEventId, orderId, connectionId, currency, lines, because } of numbered) {
    because(() => record(em, journalEntryPosted({
      tenantId, sequence: 1,
      data: { entryId, sourceEventId, orderId, connectionId, currency, postings: lines.map(({ account, amountMinor }) => ({ accountCode: account, amountMinor })) },
    })));
  }
  return new Map(numbered.map(({ id, sourceEventId }) => [sourceEventId, id]));
}

/** Ids of the accounts that these entries name; those that a currency has not needed before are made. */
async function ensureAccounts(em: EntityManager, tenantId: string, entries: readonly NewEntry[]): Promise<ReadonlyMap<string, Id<'acc'>>> {
  const wanted = new Map(entries.flatMap(({ currency, lines }) => lines.map(({ account: code }) => [keyOf(currency, code), { code, currency }] as const)));
  const find = async (): Promise<Map<string, Id<'acc'>>> => {
    const rows = await em.execute<{ id: Id<'acc'>; code: AccountCode; currency: string }[]>(
      `select a.id, a.code, a.currency from account a join jsonb_to_recordset(?::jsonb) as w (code text, currency text) on a.code = w.code and a.currency = w.currency
       where a.tenant_id = ?`, [JSON.stringify([...wanted.values()]), tenantId]);
    return new Map(rows.map(({ id, code, currency }) => [keyOf(currency, code), id]));
  };
  const known = await find();
  // In one order, always: two first entries of a currency would deadlock otherwise.
  const missing = [...wanted].filter(([key]) => !known.has(key)).toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, account]) => account);
  if (missing.length === 0) return known;
  await em.execute(
    `insert into account (id, tenant_id, code, currency, kind) values ${missing.map(() => '(?, ?, ?, ?, ?)').join(', ')} on conflict do nothing`,
    missing.flatMap(({ code, currency }) => [newId('acc'), tenantId, code, currency, CHART[code].kind]));
  return find();
}

const keyOf = (currency: string, code: AccountCode): string => `${currency} ${code}`;
