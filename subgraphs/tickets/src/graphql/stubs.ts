import { Directive, Field, ID, ObjectType } from 'type-graphql';

/** A member; tickets only points to it. */
@Directive('@key(fields: "id", resolvable: false)')
@ObjectType('Member')
export class MemberStub {
  @Field(() => ID) id!: string;
}

/** Somebody who works for the tenant; tickets only points to them. */
@Directive('@key(fields: "id", resolvable: false)')
@ObjectType('Staff')
export class StaffStub {
  @Field(() => ID) id!: string;
}

/** What tickets adds to an order. */
@Directive('@key(fields: "id")')
@ObjectType('Order')
export class OrderStub {
  @Field(() => ID) id!: string;
}
