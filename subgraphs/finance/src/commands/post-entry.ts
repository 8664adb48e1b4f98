import type { EntityManager } from '@mikro-orm/postgresql';
import { journalEntryPosted } from '@quanyu/events';
import { newId, type Id } from '@quanyu/ids';
import { record } from '@quanyu/outbox';
import { CHART, type AccountCode } from '../domain/chart-of-accounts.js';
import type { EntryKind } from '../domain/facts.js';
import type { Line } from '../domain/line.js';
import { Account } from '../entities/account.entity.js';

export interface NewEntry {
  readonly tenantId: string;
  readonly sourceEventId: string;
  readonly orderId: string;
  readonly connectionId: string;
  readonly kind: EntryKind;
  readonly currency: string;
  readonly reversesEntryId?: Id<'jrn'>;
  readonly lines: readonly Line[];
}

/** Writes an entry and tells it; the database keeps the balances, and refuses at commit what does not sum to zero. */
export async function postEntry(em: EntityManager, entry: NewEntry): Promise<Id<'jrn'>> {
  const { tenantId, currency, lines, orderId, connectionId, sourceEventId } = entry;
  const accounts = await ensureAccounts(em, tenantId, currency, lines.map((line) => line.account));
  const entryId = newId('jrn');
  await em.execute(
    `insert into journal_entry (id, tenant_id, source_event_id, order_id, connection_id, kind, currency, reverses_entry_id) values (?, ?, ?, ?, ?, ?, ?, ?)`,
    [entryId, tenantId, sourceEventId, orderId, connectionId, entry.kind, currency, entry.reversesEntryId ?? null]);
  await em.execute(
    `insert into posting (entry_id, position, tenant_id, account_id, currency, amount_minor) values ${lines.map(() => '(?, ?, ?, ?, ?, ?)').join(', ')}`,
    lines.flatMap(({ account, amountMinor }, position) => [entryId, position, tenantId, accounts.get(account), currency, amountMinor]));
  record(em, journalEntryPosted({
    tenantId, sequence: 1,
    data: { entryId, sourceEventId, orderId, connectionId, currency, postings: lines.map(({ account, amountMinor }) => ({ accountCode: account, amountMinor })) },
  }));
  return entryId;
}

/** Ids of the accounts of these codes; those that the currency has not needed before are made. */
async function ensureAccounts(em: EntityManager, tenantId: string, currency: string, codes: readonly AccountCode[]): Promise<ReadonlyMap<AccountCode, Id<'acc'>>> {
  const find = async (): Promise<Map<AccountCode, Id<'acc'>>> => {
    const accounts = await em.find(Account, { tenantId, currency, code: { $in: [...codes] } }, { disableIdentityMap: true });
    return new Map(accounts.map((account) => [account.code, account.id]));
  };
  const known = await find();
  // In one order, always: two first entries of a currency would deadlock otherwise.
  const missing = codes.filter((code) => !known.has(code)).toSorted();
  if (missing.length === 0) return known;
  await em.execute(
    `insert into account (id, tenant_id, code, currency, kind) values ${missing.map(() => '(?, ?, ?, ?, ?)').join(', ')} on conflict do nothing`,
    missing.flatMap((code) => [newId('acc'), tenantId, code, currency, CHART[code].kind]));
  return find();
}
