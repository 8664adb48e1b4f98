import { pointsEarned, pointsReversed, type EventOf } from '@quanyu/events';
import { parseId } from '@quanyu/ids';
import { follow, parsePage, type GraphContext } from '@quanyu/subgraph';
import { Arg, Ctx, FieldResolver, ID, Int, Resolver, Root, Subscription } from 'type-graphql';
import { memberById } from '../queries/members.js';
import { balanceOf, openLots } from '../queries/points.js';
import { MemberType, PointsBalanceType, PointsLotType } from './member.type.js';
import { OrderStub } from './order.stub.js';

type PointsEvent = EventOf<typeof pointsEarned> | EventOf<typeof pointsReversed>;

@Resolver(() => PointsBalanceType)
export class PointsBalanceResolver {
  @Subscription(() => PointsBalanceType, {
    description: 'Balances as they change, of all members; or of some, first as they are.',
    subscribe: follow<{ memberIds?: string[] }>(({ memberIds }, ctx) => {
      ctx.viewer.must('members:read');
      const wanted = memberIds && new Set<string>(memberIds.map((id) => parseId('mem', id)));
      return {
        types: [pointsEarned.type, pointsReversed.type],
        match: ({ data }) => {
          const { memberId, connectionId } = data as PointsEvent['data'];
          return ctx.viewer.seesChannel(connectionId) && (wanted?.has(memberId) ?? true);
        },
        keyOf: ({ data }) => (data as PointsEvent['data']).memberId,
        current: async () => {
          const known = await memberById(ctx).loadMany([...wanted ?? []]);
          return known.flatMap((member) => (member === null || member instanceof Error ? [] : [{ memberId: member.id }]));
        },
      };
    }),
  })
  pointsChanged(@Root() event: PointsEvent, @Ctx() ctx: GraphContext, @Arg('memberIds', () => [ID], { nullable: true }) _memberIds?: string[]): Promise<PointsBalanceType> {
    return balanceOf(ctx, event.data.memberId);
  }

  @FieldResolver(() => MemberType)
  member(@Root() balance: PointsBalanceType, @Ctx() ctx: GraphContext): Promise<MemberType | null> {
    return memberById(ctx).load(balance.memberId);
  }

  @FieldResolver(() => [PointsLotType], { description: 'Lots with points left, the next to expire first; 250 at most.' })
  lots(@Root() balance: PointsBalanceType, @Ctx() ctx: GraphContext, @Arg('first', () => Int, { defaultValue: 20 }) first: number): Promise<readonly PointsLotType[]> {
    return openLots(ctx, balance.memberId, parsePage({ first }).limit);
  }
}

@Resolver(() => PointsLotType)
export class PointsLotResolver {
  @FieldResolver(() => OrderStub, { nullable: true, description: 'The order that earned them; null when you may not see its channel.' })
  order(@Root() lot: PointsLotType): OrderStub {
    return { id: lot.orderId };
  }
}
