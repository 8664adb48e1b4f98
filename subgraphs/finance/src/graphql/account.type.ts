import { CurrencyCode, MoneyType } from '@quanyu/subgraph';
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { ACCOUNT_KINDS, type AccountCode, type AccountKind } from '../domain/chart-of-accounts.js';

const AccountKindEnum = Object.fromEntries(ACCOUNT_KINDS.map((kind) => [kind, kind])) as Record<AccountKind, AccountKind>;
registerEnumType(AccountKindEnum, { name: 'AccountKind', description: 'Assets and expenses usually stand in debit, the others in credit.' });

@ObjectType('Account', { description: 'An account of the ledger, in one currency.' })
export class AccountType {
  @Field(() => ID) id!: string;
  @Field(() => String, { description: 'Never changes, such as `channel-receivable`.' }) code!: AccountCode;
  @Field(() => AccountKindEnum) kind!: AccountKind;
  @Field(() => CurrencyCode) currency!: string;
}

@ObjectType('TrialBalance', { description: 'The proof of the ledger in one currency, over the channels that you may see.' })
export class TrialBalanceType {
  @Field(() => CurrencyCode) currency!: string;
  @Field(() => MoneyType, { description: 'Sum of the accounts that stand in debit.' }) debit!: MoneyType;
  @Field(() => MoneyType, { description: 'Sum of the accounts that stand in credit.' }) credit!: MoneyType;
  @Field({ description: 'Both are equal; anything else is a broken machine.' }) balanced!: boolean;
}
