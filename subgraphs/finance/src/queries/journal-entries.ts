import type { FilterQuery } from '@mikro-orm/core';
import { defineListLoader, defineLoader, keysetPage, type GraphContext, type Page, type PageRequest } from '@quanyu/subgraph';
import type { AccountRow } from '../entities/account.entity.js';
import { JournalEntry, type JournalEntryRow } from '../entities/journal-entry.entity.js';

const READ_ONLY = { disableIdentityMap: true } as const;

/** Entries of the tenant that are about the channels which the viewer may see. */
const visible = ({ viewer }: GraphContext): FilterQuery<JournalEntryRow> => ({
  tenantId: viewer.tenantId,
  ...(viewer.channels !== 'all' && { connectionId: { $in: [...viewer.channels] } }),
});

/** A page of entries, newest first. */
export const entryPage = (ctx: GraphContext, filter: { readonly orderId: string | null }, page: PageRequest): Promise<Page<JournalEntryRow>> => {
  const where = { ...(visible(ctx) as object), ...(filter.orderId !== null && { orderId: filter.orderId }) };
  return keysetPage<JournalEntryRow>(
    page,
    (bounds, orderBy, limit) => ctx.read((em) => em.find(JournalEntry, { ...where, ...bounds } as object, { ...READ_ONLY, orderBy, limit })),
    () => ctx.read((em) => em.count(JournalEntry, where)));
};

export const entryById = defineLoader<string, JournalEntryRow>(async (ctx, ids) => {
  const entries = await ctx.read((em) => em.find(JournalEntry, { $and: [visible(ctx), { id: { $in: ids as never } }] }, READ_ONLY));
  return new Map(entries.map((entry) => [entry.id, entry]));
});

/** An order's entries, oldest first. */
export const entriesByOrder = defineListLoader<string, JournalEntryRow>(
  (ctx, orderIds) => ctx.read((em) => em.find(JournalEntry, { $and: [visible(ctx), { orderId: { $in: [...orderIds] } }] }, { ...READ_ONLY, orderBy: { id: 'asc' } })),
  (entry) => entry.orderId);

/** A line of an entry with its account. */
export interface PostedLine { readonly entryId: string; readonly amountMinor: number; readonly account: Pick<AccountRow, 'id' | 'code' | 'currency' | 'kind'> }

type Row = PostedLine['account'] & { readonly entry_id: string; readonly amount_minor: string };

/** The lines of an entry in their order; lines and accounts in one statement. */
export const linesByEntry = defineListLoader<string, PostedLine>(
  async (ctx, entryIds) => {
    const rows = await ctx.read((em) => em.execute<Row[]>(
      `select p.entry_id, p.amount_minor, a.id, a.code, a.currency, a.kind from posting p join account a on a.id = p.account_id
       where p.tenant_id = ? and p.entry_id in (select jsonb_array_elements_text(?::jsonb)) order by p.entry_id, p.position`,
      [ctx.viewer.tenantId, JSON.stringify(entryIds)]));
    return rows.map(({ entry_id: entryId, amount_minor: amount, ...account }) => ({ entryId, amountMinor: Number(amount), account }));
  },
  (line) => line.entryId);
