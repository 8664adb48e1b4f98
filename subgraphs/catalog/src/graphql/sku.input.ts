import { fromMoneyInput, MoneyInput } from '@quanyu/subgraph';
import { Field, InputType, Int } from 'type-graphql';
import type { NewSku } from '../commands/insert-skus.js';

@InputType()
export class SkuOptionInput {
  @Field() name!: string;
  @Field() value!: string;
}

@InputType()
export class SkuInput {
  @Field({ description: 'Unique; channels name the SKU by it unless a mapping says otherwise.' }) code!: string;
  @Field(() => String, { nullable: true }) title?: string;
  @Field(() => [SkuOptionInput], { defaultValue: [] }) options!: SkuOptionInput[];
  @Field(() => String, { nullable: true }) barcode?: string;
  @Field(() => Int, { nullable: true }) weightGrams?: number;
  @Field(() => MoneyInput, { nullable: true, description: 'Its base price in one currency; others by `setPrice`.' }) price?: MoneyInput;
}

export const toNewSku = ({ code, title, options, barcode, weightGrams, price }: SkuInput): NewSku => ({
  code, title: title ?? null, options: options.map(({ name, value }) => ({ name, value })), barcode: barcode ?? null,
  weightGrams: weightGrams ?? null, price: price ? fromMoneyInput(price) : null,
});
