import { SafeInt, type GraphContext } from '@quanyu/subgraph';
import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { earnedByOrder } from '../queries/order-earnings.js';
import { MemberType } from './member.type.js';
import { OrderStub } from './order.stub.js';

@Resolver(() => OrderStub)
export class OrderMemberResolver {
  @FieldResolver(() => MemberType, { nullable: true, description: 'The buyer; null when the channel does not name them.' })
  async member(@Root() order: OrderStub, @Ctx() ctx: GraphContext): Promise<MemberType | null> {
    ctx.viewer.must('members:read');
    return (await earnedByOrder(ctx).load(order.id))?.member ?? null;
  }

  @FieldResolver(() => SafeInt, { nullable: true, description: 'Points that the buyer has for this order; null before it is confirmed and for a buyer whom nobody names, 0 once they are taken back.' })
  async pointsEarned(@Root() order: OrderStub, @Ctx() ctx: GraphContext): Promise<number | null> {
    ctx.viewer.must('members:read');
    return (await earnedByOrder(ctx).load(order.id))?.points ?? null;
  }
}
