import { SafeInt } from '@quanyu/subgraph';
import { Directive, Field, ID, ObjectType } from 'type-graphql';
import { StockLevelType } from './stock-level.type.js';

/** What inventory adds to a SKU of the catalog. */
@Directive('@key(fields: "id")')
@ObjectType('Sku')
export class SkuStub {
  @Field(() => ID) id!: string;
}

@ObjectType({ description: 'Stock of a SKU over all locations, or over those asked for.' })
export class SkuStock {
  @Field(() => SafeInt, { description: 'Units that are there, in all buckets.' }) onHand!: number;
  @Field(() => SafeInt, { description: 'Units promised to orders, in all buckets.' }) reserved!: number;
  @Field(() => SafeInt, { description: 'Units that cannot be sold from the pool now: promised to orders, or set aside for activities.' }) occupied!: number;
  @Field(() => SafeInt, { description: 'Units that are there and unfit for sale: damaged, or held for quality.' }) unavailable!: number;
  @Field(() => SafeInt, { description: 'Units on their way.' }) incoming!: number;
  @Field(() => SafeInt, { description: 'Units of the pool that can still be promised; those set aside for activities are not among them.' }) available!: number;
  @Field(() => [StockLevelType]) levels!: readonly StockLevelType[];
  skuId!: string;
  channelId!: string | null;
}
