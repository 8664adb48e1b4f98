import { DateTime } from '@quanyu/subgraph';
import { Directive, Field, ID, Int, ObjectType } from 'type-graphql';

@Directive('@key(fields: "id")')
@ObjectType('StockLevel', { description: 'Stock of one SKU at one location, in one bucket.' })
export class StockLevelType {
  @Field(() => ID) id!: string;
  @Field(() => Int, { description: 'Units that are there.' }) onHand!: number;
  @Field(() => Int, { description: 'Units that are there and cannot be sold: damaged, or held for quality.' }) unavailable!: number;
  @Field(() => Int, { description: 'Units on their way.' }) incoming!: number;
  @Field(() => Int, { description: 'Units that may be promised beyond what is there; 0 unless somebody says so.' }) allowance!: number;
  @Field(() => Int, { description: 'Units promised that a count has found missing: release orders or wait for goods.' }) deficit!: number;
  @Field({ description: 'MAIN, or the activity that the units were set aside for.' }) bucket!: string;
  @Field(() => Int, { description: 'Grows with each change; send it back as `expectedVersion`.' }) version!: number;
  @Field(() => DateTime) updatedAt!: Date;
  /** With holds past their end; the graph shows it without them. */
  reserved!: number;
  skuId!: string;
  locationId!: string;
  /** Units in `reserved` whose hold has ended. */
  lapsed!: number;
}

@ObjectType('Location', { description: 'A place that holds stock.' })
export class LocationType {
  @Field(() => ID) id!: string;
  @Field() code!: string;
  @Field() name!: string;
}

@ObjectType('PastStockLevel', { description: 'What a stock level was at a time, by its journal.' })
export class PastStockLevelType {
  @Field(() => ID, { description: 'Id of the stock level.' }) id!: string;
  @Field({ description: 'MAIN, or the activity that the units were set aside for.' }) bucket!: string;
  @Field(() => Int) onHand!: number;
  @Field(() => Int, { description: 'With holds that were past their end and not given back yet.' }) reserved!: number;
  @Field(() => Int) unavailable!: number;
  @Field(() => Int) incoming!: number;
  @Field(() => Int) allowance!: number;
  @Field(() => Int) deficit!: number;
  skuId!: string;
  locationId!: string;
}

@ObjectType('HoldToRelease', { description: 'A hold that would have to be released, or to wait for goods, to end a deficit.' })
export class HoldToReleaseType {
  @Field({ description: "An order's id, or another caller's key." }) key!: string;
  @Field(() => Int) quantity!: number;
}
