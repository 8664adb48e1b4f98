import { Directive, Field, ID, ObjectType } from 'type-graphql';

/** What members adds to an order. */
@Directive('@key(fields: "id")')
@ObjectType('Order')
export class OrderStub {
  @Field(() => ID) id!: string;
}
