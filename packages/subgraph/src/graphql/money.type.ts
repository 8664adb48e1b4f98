import { money, parseDecimal, toDecimal, type Money } from '@quanyu/money';
import { Directive, Field, InputType, ObjectType } from 'type-graphql';
import { ProductError } from '../errors.js';
import { CurrencyCode, Decimal } from './scalars.js';

@Directive('@shareable')
@Directive('@tag(name: "public")')
@ObjectType('Money', { description: 'An amount of money.' })
export class MoneyType {
  @Field(() => Decimal, { description: 'With as many decimals as the currency has.' })
  amount!: string;

  @Field(() => CurrencyCode)
  currency!: string;
}

@InputType()
export class MoneyInput {
  @Field(() => Decimal)
  amount!: string;

  @Field(() => CurrencyCode)
  currency!: string;
}

/** Minor units as they are stored, in the shape of the graph. */
export const toMoneyType = (amountMinor: number, currency: string): MoneyType => ({ amount: toDecimal(money(amountMinor, currency)), currency });

/** Parses a client's amount exactly; throws INPUT_INVALID for unknown currencies and too many decimals. */
export function fromMoneyInput(input: MoneyInput): Money {
  try {
    return parseDecimal(input.amount, input.currency);
  } catch (error) {
    throw new ProductError('INPUT_INVALID', error instanceof Error ? error.message : undefined);
  }
}
