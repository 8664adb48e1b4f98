import { CurrencyCode, DateTime, MoneyType } from '@quanyu/subgraph';
import { Directive, Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql';
import { ENTRY_KINDS, type EntryKind } from '../domain/facts.js';
import { AccountType } from './account.type.js';

const EntryKindEnum = Object.fromEntries(ENTRY_KINDS.map((kind) => [kind, kind])) as Record<EntryKind, EntryKind>;
registerEnumType(EntryKindEnum, {
  name: 'JournalEntryKind',
  valuesConfig: {
    ORDER_CONFIRMED: { description: 'An order is paid and will be delivered: the channel owes us its total.' },
    ORDER_CONFIRMED_REVERSAL: { description: 'The order has been cancelled.' },
    POINTS_EARNED: { description: 'Points for an order are owed to the member.' },
    POINTS_EARNED_REVERSAL: { description: 'The points have been taken back.' },
    REFUND_PAID: { description: 'Money went back by an after-sale; the sale stands.' },
    POINTS_TAKEN_BACK: { description: 'A part of the points went back with it.' },
    ORDER_AMENDED: { description: 'The order was edited: the channel owes us more for it, or less.' },
    POINTS_ADDED: { description: 'Points for what an edited order costs more.' },
  },
});

/** What finance adds to an order. */
@Directive('@key(fields: "id")')
@ObjectType('Order')
export class OrderStub {
  @Field(() => ID) id!: string;
}

@Directive('@key(fields: "id")')
@ObjectType('JournalEntry', { description: 'One booking; it never changes, and is corrected by another that reverses it.' })
export class JournalEntryType {
  @Field(() => ID) id!: string;
  @Field(() => EntryKindEnum) kind!: EntryKind;
  @Field(() => CurrencyCode) currency!: string;
  @Field(() => DateTime) postedAt!: Date;
  orderId!: string;
  reversesEntryId?: string | null;
}

@ObjectType('Posting', { description: 'One line of an entry: either a debit or a credit.' })
export class PostingType {
  @Field(() => AccountType) account!: AccountType;
  @Field(() => MoneyType, { nullable: true }) debit!: MoneyType | null;
  @Field(() => MoneyType, { nullable: true }) credit!: MoneyType | null;
}

@InputType()
export class JournalEntryFilter {
  @Field(() => ID, { nullable: true }) orderId?: string;
}
