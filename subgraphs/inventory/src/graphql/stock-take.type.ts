import { DateTime } from '@quanyu/subgraph';
import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { InventoryUserError } from './inventory-user-error.type.js';
import type { UserErrorShape } from '@quanyu/subgraph';

export const StockTakeStateEnum = { OPEN: 'OPEN', CLOSING: 'CLOSING', CLOSED: 'CLOSED', CANCELLED: 'CANCELLED' } as const;
registerEnumType(StockTakeStateEnum, { name: 'StockTakeState', valuesConfig: { CLOSING: { description: 'Its differences are being written; it goes on by itself if it was cut off.' } } });

@ObjectType('StockTake', { description: 'A count of what really lies at a location.' })
export class StockTakeType {
  @Field(() => ID) id!: string;
  @Field(() => StockTakeStateEnum) state!: keyof typeof StockTakeStateEnum;
  @Field(() => String, { nullable: true }) note!: string | null;
  @Field(() => DateTime) openedAt!: Date;
  @Field(() => DateTime, { nullable: true }) closedAt!: Date | null;
  locationId!: string;
}

@ObjectType('StockTakeLine', { description: 'One SKU of a count.' })
export class StockTakeLineType {
  @Field(() => ID) id!: string;
  @Field(() => Int) counted!: number;
  @Field(() => Int, { description: 'What we believed to lie there when it was counted, units set aside for activities too.' }) expected!: number;
  @Field(() => Int, { description: 'Counted less expected; applied when the count is closed, so that sales in between stay right.' }) difference!: number;
  @Field(() => DateTime) countedAt!: Date;
  @Field(() => DateTime, { nullable: true }) appliedAt!: Date | null;
  skuId!: string;
}

@InputType()
export class OpenStockTakeInput {
  @Field(() => ID) locationId!: string;
  @Field(() => String, { nullable: true }) note?: string | null;
  @Field() idempotencyKey!: string;
}

@InputType()
class CountedLineInput {
  @Field(() => ID) skuId!: string;
  @Field(() => Int) counted!: number;
}

@InputType()
export class CountStockLinesInput {
  @Field(() => ID) stockTakeId!: string;
  @Field(() => [CountedLineInput], { description: '1 to 500; a SKU counted again replaces its line.' }) lines!: CountedLineInput[];
  @Field() idempotencyKey!: string;
}

@InputType()
export class CloseStockTakeInput {
  @Field(() => ID) stockTakeId!: string;
  @Field({ description: 'The same key again goes on where it was cut off.' }) idempotencyKey!: string;
}

@InputType()
export class CancelStockTakeInput {
  @Field(() => ID) stockTakeId!: string;
}

@ObjectType()
export class StockTakePayload {
  @Field(() => StockTakeType, { nullable: true }) stockTake!: StockTakeType | null;
  @Field(() => [InventoryUserError]) userErrors!: UserErrorShape[];
}
