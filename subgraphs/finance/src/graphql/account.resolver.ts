import { MoneyType, toMoneyType, type GraphContext } from '@quanyu/subgraph';
import { Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { CHART } from '../domain/chart-of-accounts.js';
import { accounts, balanceByAccount, trialBalance } from '../queries/accounts.js';
import { AccountType, TrialBalanceType } from './account.type.js';

@Resolver(() => AccountType)
export class AccountResolver {
  @Query(() => [AccountType], { description: 'The accounts that have been needed so far; at most the chart of accounts for each currency.' })
  accounts(@Ctx() ctx: GraphContext): Promise<AccountType[]> {
    ctx.viewer.must('finance:read');
    return accounts(ctx);
  }

  @Query(() => [TrialBalanceType], { description: 'One for each currency.' })
  async trialBalance(@Ctx() ctx: GraphContext): Promise<TrialBalanceType[]> {
    ctx.viewer.must('finance:read');
    return (await trialBalance(ctx)).map(({ currency, debitMinor, creditMinor }) => ({
      currency, debit: toMoneyType(debitMinor, currency), credit: toMoneyType(creditMinor, currency), balanced: debitMinor === creditMinor,
    }));
  }

  @FieldResolver(() => String, { description: "In the language of the request's Accept-Language." })
  name(@Root() account: AccountType, @Ctx() ctx: GraphContext): string {
    return CHART[account.code].name[ctx.language];
  }

  @FieldResolver(() => MoneyType, { description: 'Debits less credits, over the channels that you may see: below zero for an account that stands in credit.' })
  async balance(@Root() account: AccountType, @Ctx() ctx: GraphContext): Promise<MoneyType> {
    return toMoneyType((await balanceByAccount(ctx).load(account.id)) ?? 0, account.currency);
  }
}
