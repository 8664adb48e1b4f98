import { Directive, Field, ID, ObjectType } from 'type-graphql';

/** An order of the orders subgraph; inventory only points to it. */
@Directive('@key(fields: "id", resolvable: false)')
@ObjectType('Order')
export class OrderStub {
  @Field(() => ID) id!: string;
}
