import { parseId } from '@quanyu/ids';
import { DateTime, type GraphContext } from '@quanyu/subgraph';
import { Arg, Ctx, Field, ID, Int, Mutation, ObjectType, Query, registerEnumType, Resolver } from 'type-graphql';
import { setAutoRepair } from '../commands/intake/reconcile-channel.js';
import type { GapSeverity } from '../domain/reconcile.js';
import { channelChecks } from '../queries/channel-checks.js';
import { ChannelStub } from './channel.stub.js';
import { OrderRulePayload, rulePayload } from './rules.mutation.js';

const GapSeverityEnum = { NONE: 'NONE', WARNING: 'WARNING', CRITICAL: 'CRITICAL' } as const;
registerEnumType(GapSeverityEnum, { name: 'OrderGapSeverity', valuesConfig: { WARNING: { description: 'One order or more is missing.' }, CRITICAL: { description: 'More than 20, or more than 5 % of the open ones.' } } });

@ObjectType({ description: "How a shop's open orders were last compared with ours; every 30 minutes, orders younger than 15 minutes left alone." })
class ChannelCheck {
  @Field(() => ChannelStub) channel!: ChannelStub;
  @Field({ description: 'Whether what is missing is read again by itself.' }) autoRepair!: boolean;
  @Field(() => DateTime, { nullable: true }) checkedAt!: Date | null;
  @Field(() => Int) openCount!: number;
  @Field(() => Int) missingCount!: number;
  @Field(() => GapSeverityEnum) severity!: GapSeverity;
  @Field(() => [String], { description: "The channel's ids of missing orders, 250 at most." }) missing!: string[];
  @Field(() => String, { nullable: true, description: 'Why the last comparison could not be made.' }) failureCode!: string | null;
}

@Resolver()
export class ChannelCheckResolver {
  @Query(() => [ChannelCheck], { description: 'Open orders of outside shops against ours.' })
  async channelChecks(@Ctx() ctx: GraphContext): Promise<ChannelCheck[]> {
    ctx.viewer.must('orders:read');
    return (await channelChecks(ctx)).map(({ connectionId, ...check }) => ({ ...check, channel: { id: connectionId } }));
  }

  @Mutation(() => OrderRulePayload, { description: 'Whether missing orders of a shop are read again by themselves.' })
  async setAutoRepair(@Arg('channelId', () => ID) channelId: string, @Arg('on') on: boolean, @Ctx() ctx: GraphContext): Promise<OrderRulePayload> {
    ctx.viewer.must('channels:write');
    return rulePayload(await setAutoRepair(ctx, { connectionId: parseId('con', channelId), on }), ctx);
  }
}
