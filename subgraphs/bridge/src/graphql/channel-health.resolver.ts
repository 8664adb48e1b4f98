import { alertRaised, channelConnected, channelLeft, channelSwitched, firstSyncMoved, orderReceived, stockPublished, trackingWritten } from '@quanyu/events';
import { follow, parsePage, type GraphContext } from '@quanyu/subgraph';
import { Ctx, Field, FieldResolver, Float, Int, ObjectType, registerEnumType, Resolver, Root, Subscription } from 'type-graphql';
import { FLOW_TARGETS, type HealthStatus, type MeasuredFlow } from '../domain/channel-health.js';
import { channelFlowFigures, channelHealth } from '../queries/channel-health.js';
import { channelById, channelPage } from '../queries/channels.js';
import { ChannelType } from './channel.type.js';

const HealthEnum = { OK: 'OK', LATE: 'LATE', FAILING: 'FAILING', OFF: 'OFF' } as const satisfies { readonly [S in HealthStatus]: S };
registerEnumType(HealthEnum, { name: 'ChannelHealthStatus', valuesConfig: { LATE: { description: 'Something waits for more than five minutes, or the last try failed.' }, FAILING: { description: 'Three tries in a row failed.' } } });

@ObjectType('ChannelHealth', { description: 'How a channel did in the last day, and how late it is.' })
class ChannelHealthType {
  @Field(() => HealthEnum) status!: HealthStatus;
  @Field(() => Int, { description: 'Webhooks, readings, parcels and copies that ended well.' }) done!: number;
  @Field(() => Int, { description: 'Those that ended badly and wait for a person.' }) failed!: number;
  @Field(() => Float, { description: 'The share that is to end well.' }) target!: number;
  @Field(() => Float, { description: 'What is left of the share that may fail: 1 whole, 0 spent, below 0 overspent.' }) budgetLeft!: number;
  @Field(() => Float, { description: 'Age of the oldest piece of work that waits; 0 when nothing does.' }) lagSeconds!: number;
  @Field(() => Int) waiting!: number;
  @Field(() => Int) failuresInARow!: number;
}

const MeasuredFlowEnum = Object.fromEntries(Object.keys(FLOW_TARGETS).map((flow) => [flow, flow])) as { readonly [F in MeasuredFlow]: F };
registerEnumType(MeasuredFlowEnum, {
  name: 'MeasuredFlow', description: 'What is measured of a channel.',
  valuesConfig: { ORDER_PUSH: { description: 'Orders of ours given to the shop; good are those that it took at the first try.' }, FULFILMENT: { description: 'Parcels that the channel has sent of our orders; good are those that we knew of within five minutes.' } },
});

@ObjectType('ChannelFlowFigure', { description: 'How one flow of a channel did in the last day.' })
class ChannelFlowFigureType {
  @Field(() => MeasuredFlowEnum) flow!: MeasuredFlow;
  @Field(() => Int) count!: number;
  @Field(() => Int) good!: number;
  @Field(() => Float, { nullable: true, description: 'Null where there was nothing.' }) share!: number | null;
  @Field(() => Float, { description: 'The share is to be above it.' }) target!: number;
  @Field() met!: boolean;
}

@Resolver(() => ChannelType)
export class ChannelHealthResolver {
  @FieldResolver(() => [ChannelFlowFigureType])
  flowFigures(@Root() channel: ChannelType, @Ctx() ctx: GraphContext): Promise<ChannelFlowFigureType[]> {
    return channelFlowFigures(ctx).load(channel.id) as unknown as Promise<ChannelFlowFigureType[]>;
  }

  @FieldResolver(() => ChannelHealthType)
  health(@Root() channel: ChannelType, @Ctx() ctx: GraphContext): Promise<ChannelHealthType> {
    return channelHealth(ctx).load(channel.id) as Promise<ChannelHealthType>;
  }

  @Subscription(() => ChannelType, {
    description: 'The newest 20 channels that you may see, then each of them again when it was told or has told something, was read further for the first time, was switched off or on, or rang.',
    subscribe: follow((_args, ctx) => {
      ctx.viewer.must('channels:read');
      return {
        types: [orderReceived.type, stockPublished.type, trackingWritten.type, alertRaised.type, firstSyncMoved.type, channelConnected.type, channelSwitched.type, channelLeft.type],
        match: (event) => {
          const { connectionId } = event.data as { readonly connectionId: string | null };
          return connectionId !== null && ctx.viewer.seesChannel(connectionId);
        },
        current: async () => (await channelPage(ctx, parsePage({}))).nodes.map(({ id }) => ({ connectionId: id })),
      };
    }),
  })
  channelActive(@Root() event: { readonly data: { readonly connectionId: string } }, @Ctx() ctx: GraphContext): Promise<ChannelType | null> {
    return channelById(ctx).load(event.data.connectionId) as Promise<ChannelType | null>;
  }
}
