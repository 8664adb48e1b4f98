import { parseId } from '@quanyu/ids';
import { CurrencyCode, fromMoneyInput, MoneyInput, refuse, toMoneyType, type GraphContext } from '@quanyu/subgraph';
import { Arg, Ctx, Field, FieldResolver, ID, InputType, Mutation, Query, Resolver, Root } from 'type-graphql';
import { openOwnChannel, switchOwnChannel } from '../commands/selling/own-channels.js';
import type { OwnChannelRow } from '../entities/own-channel.entity.js';
import { ownChannelById, ownChannels } from '../queries/own-channels.js';
import { OrderType } from './order.type.js';
import { toErrors } from './orders-user-error.type.js';
import { OwnChannel, OwnChannelKindEnum, OwnChannelPayload } from './selling.type.js';

@InputType()
class OpenOwnChannelInput {
  @Field(() => OwnChannelKindEnum) kind!: OwnChannelRow['kind'];
  @Field() name!: string;
  @Field(() => CurrencyCode, { description: 'Of its prices; no other is taken.' }) currency!: string;
  @Field(() => MoneyInput, { nullable: true, description: 'For each order; nothing when not given.' }) shipping?: MoneyInput | null;
  @Field(() => MoneyInput, { nullable: true }) freeShippingFrom?: MoneyInput | null;
  @Field({ description: 'The same key again answers the first result.' }) idempotencyKey!: string;
}

const toOwnChannel = ({ connectionId, shippingMinor, freeShippingFromMinor, ...row }: OwnChannelRow): OwnChannel => ({
  ...row, id: connectionId, shipping: toMoneyType(shippingMinor, row.currency),
  freeShippingFrom: freeShippingFromMinor === null || freeShippingFromMinor === undefined ? null : toMoneyType(freeShippingFromMinor, row.currency),
});

@Resolver(() => OrderType)
export class OwnChannelResolver {
  @Query(() => [OwnChannel], { description: 'Where we sell ourselves.' })
  async ownChannels(@Ctx() ctx: GraphContext): Promise<OwnChannel[]> {
    ctx.viewer.must('orders:read');
    return (await ownChannels(ctx)).map(toOwnChannel);
  }

  @FieldResolver(() => OwnChannel, { nullable: true, description: 'Where it was placed with us; null for one of an outside shop.' })
  async ownChannel(@Root() order: OrderType, @Ctx() ctx: GraphContext): Promise<OwnChannel | null> {
    const row = order.source === 'OWN' ? await ownChannelById(ctx).load(order.connectionId) : null;
    return row && toOwnChannel(row);
  }

  @Mutation(() => OwnChannelPayload, { description: 'Opens a place where we sell ourselves.' })
  async openOwnChannel(@Arg('input', () => OpenOwnChannelInput) { shipping, freeShippingFrom, ...input }: OpenOwnChannelInput, @Ctx() ctx: GraphContext): Promise<OwnChannelPayload> {
    ctx.viewer.must('channels:write');
    const sums = [shipping, freeShippingFrom].map((sum) => (sum ? fromMoneyInput(sum) : null));
    if (sums.some((sum) => sum !== null && sum.currency !== input.currency)) return { channel: null, userErrors: toErrors(refuse('CURRENCY_UNKNOWN', 'shipping', 'currency'), ctx) };
    const result = await openOwnChannel(ctx, { ...input, shippingMinor: sums[0]?.amountMinor ?? 0, freeShippingFromMinor: sums[1]?.amountMinor ?? null });
    return payloadOf(ctx, result.kind === 'refused' ? result : result.connectionId);
  }

  @Mutation(() => OwnChannelPayload, { description: 'Opens or closes it for new orders; those that are placed go on.' })
  async switchOwnChannel(@Arg('channelId', () => ID) channelId: string, @Arg('isOpen') isOpen: boolean, @Ctx() ctx: GraphContext): Promise<OwnChannelPayload> {
    ctx.viewer.must('channels:write');
    const result = await switchOwnChannel(ctx, { connectionId: parseId('con', channelId), isOpen });
    return payloadOf(ctx, result.kind === 'refused' ? result : result.connectionId);
  }
}

async function payloadOf(ctx: GraphContext, result: string | Parameters<typeof toErrors>[0]): Promise<OwnChannelPayload> {
  if (typeof result !== 'string') return { channel: null, userErrors: toErrors(result, ctx) };
  return { channel: toOwnChannel((await ownChannelById(ctx).load(result))!), userErrors: [] };
}
