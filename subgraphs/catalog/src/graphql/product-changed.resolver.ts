import { productChanged, skuCreated, type EventOf } from '@quanyu/events';
import { follow, type GraphContext } from '@quanyu/subgraph';
import { AccessError } from '@quanyu/viewer';
import { Directive, Field, ID, ObjectType, Resolver, Root, Subscription } from 'type-graphql';

/** A product that is no longer what it was; what it is now is asked for anew. */
@Directive('@inaccessible')
@ObjectType()
class ProductChange {
  @Field(() => ID) productId!: string;
  @Field(() => ID, { description: 'Whose it is: with it, each list of products may be another one.' }) tenantId!: string;
}

@Resolver()
export class ProductChangedResolver {
  /** For the gateway, which forgets the answers that it keeps of the product. */
  @Directive('@inaccessible')
  @Subscription(() => ProductChange, {
    subscribe: follow((_args, { viewer }: GraphContext) => {
      if (viewer.kind !== 'service') throw new AccessError('FORBIDDEN');
      return { types: [productChanged.type, skuCreated.type] };
    }),
  })
  productChanged(@Root() { tenantId, data: { productId } }: EventOf<typeof productChanged> | EventOf<typeof skuCreated>): ProductChange {
    return { productId, tenantId };
  }
}
