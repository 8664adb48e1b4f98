import { parseId } from '@quanyu/ids';
import { DateTime, fromMoneyInput, MoneyInput, type GraphContext, type UserErrorShape } from '@quanyu/subgraph';
import { Arg, Ctx, Field, ID, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import { setChannelRule, setPreSale, setRefundRule } from '../commands/shipping/set-rules.js';
import { OrdersUserError, toErrors } from './orders-user-error.type.js';

@ObjectType()
export class OrderRulePayload {
  @Field({ description: 'Whether it holds now.' }) done!: boolean;
  @Field(() => [OrdersUserError]) userErrors!: UserErrorShape[];
}

export const rulePayload = (result: Awaited<ReturnType<typeof setChannelRule>>, ctx: GraphContext): OrderRulePayload =>
  (result.kind === 'done' ? { done: true, userErrors: [] } : { done: false, userErrors: toErrors(result, ctx) });

@Resolver()
export class RulesMutations {
  @Mutation(() => OrderRulePayload, { description: "After how many days a channel's shipped orders count as completed; 15 without a rule." })
  async setChannelRule(@Arg('channelId', () => ID) channelId: string, @Arg('completeDays', () => Int) completeDays: number, @Ctx() ctx: GraphContext): Promise<OrderRulePayload> {
    ctx.viewer.must('channels:write');
    return rulePayload(await setChannelRule(ctx, { connectionId: parseId('con', channelId), completeDays }), ctx);
  }

  @Mutation(() => OrderRulePayload, { description: 'Goods that are sold before they are there: until then they go apart from goods that are. Null: they are there.' })
  async setPreSale(@Arg('skuId', () => ID) skuId: string, @Arg('shipsFrom', () => DateTime, { nullable: true }) shipsFrom: Date | null, @Ctx() ctx: GraphContext): Promise<OrderRulePayload> {
    ctx.viewer.must('catalog:write');
    return rulePayload(await setPreSale(ctx, { skuId: parseId('sku', skuId), shipsFrom: shipsFrom ?? null }), ctx);
  }

  @Mutation(() => OrderRulePayload, { description: 'From which sum on a second person has to agree to a refund; 1000 units of the currency without a rule.' })
  async setRefundRule(@Arg('fourEyesFrom', () => MoneyInput) fourEyesFrom: MoneyInput, @Ctx() ctx: GraphContext): Promise<OrderRulePayload> {
    ctx.viewer.must('finance:write');
    const { amountMinor, currency } = fromMoneyInput(fourEyesFrom);
    return rulePayload(await setRefundRule(ctx, { fourEyesFromMinor: amountMinor, currency }), ctx);
  }
}
