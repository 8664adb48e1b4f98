import { DateTime, type GraphContext, MoneyType, toMoneyType } from '@quanyu/subgraph';
import { Ctx, Field, FieldResolver, Float, ID, Int, ObjectType, registerEnumType, Resolver, Root } from 'type-graphql';
import { FIRST_SYNC_STEPS, type FirstSyncStep } from '../domain/first-sync.js';
import { billsOf, type BillView } from '../queries/bills.js';
import { channelById } from '../queries/channels.js';
import { firstSync } from '../queries/first-sync.js';
import { handedOver, handingOver, stockDelay, webhookTopics, type HandedOver } from '../queries/handed-over.js';
import { OrderStub } from './alert.type.js';
import { ChannelType } from './channel.type.js';

const HandOverStateEnum = { DUE: 'DUE', WRITTEN: 'WRITTEN', RECALL: 'RECALL', RECALLED: 'RECALLED', NOT_NEEDED: 'NOT_NEEDED', DEAD: 'DEAD' } as const;
registerEnumType(HandOverStateEnum, { name: 'HandOverState', valuesConfig: { RECALL: { description: 'Cancelled after it was handed over; it is being taken back.' }, DEAD: { description: 'Waits for a person; `retryChannelWrites` tries again.' } } });
const HandOverPurposeEnum = { SHIP: 'SHIP', COUNT: 'COUNT' } as const;
registerEnumType(HandOverPurposeEnum, { name: 'HandOverPurpose' });

@ObjectType('OrderHandOver', { description: 'An order at a system that ships it, or that counts its goods.' })
class OrderHandOverType {
  channelId!: string;
  @Field(() => HandOverPurposeEnum) purpose!: 'SHIP' | 'COUNT';
  @Field(() => HandOverStateEnum) state!: keyof typeof HandOverStateEnum;
  @Field(() => String, { nullable: true, description: 'What the order is called there.' }) externalOrderId!: string | null;
  @Field(() => String, { nullable: true, description: 'The store or tag there that stands for the channel of the order.' }) store!: string | null;
  @Field(() => String, { nullable: true }) failureCode!: string | null;
  @Field(() => DateTime, { nullable: true }) writtenAt!: Date | null;
}

@ObjectType('ChannelHandingOver', { description: 'What a system that ships or counts for us still has to be told, and what it packed.' })
class ChannelHandingOverType {
  @Field(() => Int) ordersWaiting!: number;
  @Field(() => Int, { description: 'Orders that it does not take, or does not give back; they wait for a person.' }) ordersFailed!: number;
  @Field(() => DateTime, { nullable: true }) lastWrittenAt!: Date | null;
  @Field(() => Int, { description: 'Parcels of our orders that it told of in the last 24 hours.' }) parcelsLastDay!: number;
}

@ObjectType('StockDelay', { description: 'How long a channel waited for its figures in the last 24 hours: from the change here until it had taken it.' })
class StockDelayType {
  @Field(() => Int) figures!: number;
  @Field(() => Float) medianSeconds!: number;
  @Field(() => Float) slowestSeconds!: number;
}

@ObjectType('BillTotal')
class BillTotalType {
  @Field(() => MoneyType) paid!: MoneyType;
  @Field(() => MoneyType) refunded!: MoneyType;
  @Field(() => MoneyType, { description: 'What the platform keeps.' }) fee!: MoneyType;
}

@ObjectType('PlatformBill', { description: "A payment platform's bill of a day. Its file is kept sealed and never shown; its lines are for matching." })
class PlatformBillType {
  @Field(() => ID) id!: string;
  @Field({ description: "YYYY-MM-DD, by the platform's own clock." }) day!: string;
  @Field(() => Int) rowCount!: number;
  @Field(() => Int) fileBytes!: number;
  @Field(() => [BillTotalType], { description: 'One for each currency.' }) totals!: BillTotalType[];
  @Field(() => DateTime) fetchedAt!: Date;
}

const FirstSyncStateEnum = { WAITING: 'WAITING', RUNNING: 'RUNNING', DONE: 'DONE', SKIPPED: 'SKIPPED', FAILED: 'FAILED' } as const;
registerEnumType(FirstSyncStateEnum, { name: 'FirstSyncState', valuesConfig: { SKIPPED: { description: 'The platform has nothing for this step.' }, FAILED: { description: 'Given up after its tries; the steps behind it went on.' } } });
const FirstSyncStepEnum = Object.fromEntries(FIRST_SYNC_STEPS.map((step) => [step, step])) as { readonly [S in FirstSyncStep]: S };
registerEnumType(FirstSyncStepEnum, { name: 'FirstSyncStep', valuesConfig: { INDEX: { description: 'Its goods are looked up by our names; the count says how many were found, the others wait to be mapped.' } } });

@ObjectType('FirstSyncStepProgress')
class FirstSyncStepType {
  @Field(() => FirstSyncStepEnum) step!: FirstSyncStep;
  @Field(() => FirstSyncStateEnum) state!: keyof typeof FirstSyncStateEnum;
  @Field(() => Int) count!: number;
  @Field(() => String, { nullable: true }) errorCode!: string | null;
}

@ObjectType('FirstSync', { description: 'The first reading of a shop as a whole, step by step. What is cut off goes on where it stood.' })
class FirstSyncType {
  @Field(() => [FirstSyncStepType]) steps!: FirstSyncStepType[];
  @Field(() => DateTime) startedAt!: Date;
  @Field(() => DateTime, { nullable: true }) endedAt!: Date | null;
}

const billOf = ({ totals, ...bill }: BillView): PlatformBillType => ({
  ...bill, totals: totals.map(({ currency, paidMinor, refundedMinor, feeMinor }) => ({ paid: toMoneyType(paidMinor, currency), refunded: toMoneyType(refundedMinor, currency), fee: toMoneyType(feeMinor, currency) })),
});

@Resolver(() => ChannelType)
export class ChannelHubResolver {
  @FieldResolver(() => ChannelHandingOverType)
  handingOver(@Root() channel: ChannelType, @Ctx() ctx: GraphContext): Promise<ChannelHandingOverType> {
    return handingOver(ctx).load(channel.id) as Promise<ChannelHandingOverType>;
  }

  @FieldResolver(() => FirstSyncType, { nullable: true, description: 'Null where nobody has filled in what opens its API.' })
  firstSync(@Root() channel: ChannelType, @Ctx() ctx: GraphContext): Promise<FirstSyncType | null> {
    return firstSync(ctx).load(channel.id) as unknown as Promise<FirstSyncType | null>;
  }

  @FieldResolver(() => StockDelayType, { nullable: true, description: 'Null where it was told nothing in the last 24 hours.' })
  stockDelay(@Root() channel: ChannelType, @Ctx() ctx: GraphContext): Promise<StockDelayType | null> {
    return stockDelay(ctx).load(channel.id) as Promise<StockDelayType | null>;
  }

  @FieldResolver(() => [String], { nullable: true, description: 'Topics that the platform pushes to us, looked after every hour; null where it takes no subscriptions, or has not been asked yet.' })
  webhookTopics(@Root() channel: ChannelType, @Ctx() ctx: GraphContext): Promise<readonly string[] | null> {
    return webhookTopics(ctx).load(channel.id);
  }

  @FieldResolver(() => [PlatformBillType], { description: 'The last 62 bills of a payment platform, newest first.' })
  async bills(@Root() channel: ChannelType, @Ctx() ctx: GraphContext): Promise<readonly PlatformBillType[]> {
    ctx.viewer.must('finance:read');
    return (await billsOf(ctx).load(channel.id)).map(billOf);
  }
}

@Resolver(() => OrderStub)
export class OrderHandOverResolver {
  @FieldResolver(() => [OrderHandOverType], { description: 'Systems outside that ship the order or count its goods, the one that ships first.' })
  async handedOver(@Root() order: OrderStub, @Ctx() ctx: GraphContext): Promise<readonly HandedOver[]> {
    ctx.viewer.must('orders:read');
    return (await handedOver(ctx).load(order.id)).filter(({ channelId }) => ctx.viewer.seesChannel(channelId));
  }
}

@Resolver(() => OrderHandOverType)
export class HandOverChannelResolver {
  @FieldResolver(() => ChannelType, { nullable: true })
  channel(@Root() { channelId }: OrderHandOverType, @Ctx() ctx: GraphContext): Promise<ChannelType | null> {
    return channelById(ctx).load(channelId) as Promise<ChannelType | null>;
  }
}
