import { DateTime } from '@quanyu/subgraph';
import { Directive, Field, ID, Int, ObjectType } from 'type-graphql';

@Directive('@key(fields: "id")')
@ObjectType('StockLevel', { description: 'Stock of one SKU at one location.' })
export class StockLevelType {
  @Field(() => ID) id!: string;
  @Field(() => Int, { description: 'Units that are there.' }) onHand!: number;
  @Field(() => Int, { description: 'Units promised to orders.' }) reserved!: number;
  @Field(() => Int, { description: 'Grows with each change; send it back as `expectedVersion`.' }) version!: number;
  @Field(() => DateTime) updatedAt!: Date;
  skuId!: string;
  locationId!: string;
}

@ObjectType('Location', { description: 'A place that holds stock.' })
export class LocationType {
  @Field(() => ID) id!: string;
  @Field() code!: string;
  @Field() name!: string;
}
