import { defineLoader, type GraphContext } from '@quanyu/subgraph';
import { Account, type AccountRow } from '../entities/account.entity.js';

/** The tenant's accounts: the chart times the currencies in use. */
export const accounts = (ctx: GraphContext): Promise<AccountRow[]> =>
  ctx.read((em) => em.find(Account, { tenantId: ctx.viewer.tenantId }, { disableIdentityMap: true, orderBy: { currency: 'asc', code: 'asc' } }));

/** The channels that count for the viewer, as JSON for SQL; null for all. */
const seenChannels = ({ viewer }: GraphContext): string | null => (viewer.channels === 'all' ? null : JSON.stringify(viewer.channels));

const SEEN = '(?::jsonb is null or b.connection_id in (select jsonb_array_elements_text(?::jsonb)))';

/** Debits less credits of an account, over the channels that the viewer may see. */
export const balanceByAccount = defineLoader<string, number>(async (ctx, accountIds) => {
  const seen = seenChannels(ctx);
  const rows = await ctx.read((em) => em.execute<{ account_id: string; balance: string }[]>(
    `select b.account_id, sum(b.balance_minor) as balance from account_balance b
     where b.tenant_id = ? and b.account_id in (select jsonb_array_elements_text(?::jsonb)) and ${SEEN} group by b.account_id`,
    [ctx.viewer.tenantId, JSON.stringify(accountIds), seen, seen]));
  return new Map(rows.map((row) => [row.account_id, Number(row.balance)]));
});

export interface CurrencyTrial { readonly currency: string; readonly debitMinor: number; readonly creditMinor: number }

/** The sums of all accounts that stand in debit and in credit, by currency, over the channels that the viewer may see. */
export const trialBalance = async (ctx: GraphContext): Promise<CurrencyTrial[]> => {
  const seen = seenChannels(ctx);
  const rows = await ctx.read((em) => em.execute<{ currency: string; debit: string; credit: string }[]>(
    `select currency, sum(greatest(balance, 0)) as debit, sum(greatest(-balance, 0)) as credit from (
       select a.currency, sum(b.balance_minor) as balance from account_balance b join account a on a.id = b.account_id
       where b.tenant_id = ? and ${SEEN} group by a.id, a.currency
     ) standing group by currency order by currency`,
    [ctx.viewer.tenantId, seen, seen]));
  return rows.map((row) => ({ currency: row.currency, debitMinor: Number(row.debit), creditMinor: Number(row.credit) }));
};
