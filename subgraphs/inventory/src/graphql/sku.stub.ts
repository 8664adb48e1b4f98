import { SafeInt } from '@quanyu/subgraph';
import { Directive, Field, ID, ObjectType } from 'type-graphql';
import { StockLevelType } from './stock-level.type.js';

/** What inventory adds to a SKU of the catalog. */
@Directive('@key(fields: "id")')
@ObjectType('Sku')
export class SkuStub {
  @Field(() => ID) id!: string;
}

@ObjectType({ description: 'Stock of a SKU over all locations.' })
export class SkuStock {
  @Field(() => SafeInt, { description: 'Units that are there.' }) onHand!: number;
  @Field(() => SafeInt, { description: 'Units promised to orders.' }) reserved!: number;
  @Field(() => SafeInt, { description: 'Units that can still be promised.' }) available!: number;
  @Field(() => [StockLevelType]) levels!: readonly StockLevelType[];
}
