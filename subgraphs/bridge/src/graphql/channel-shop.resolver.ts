import { parseId } from '@quanyu/ids';
import { DateTime, toUserError, type GraphContext, type UserErrorShape } from '@quanyu/subgraph';
import { Arg, Ctx, Field, FieldResolver, ID, InputType, Mutation, ObjectType, registerEnumType, Resolver, Root } from 'type-graphql';
import { setChannelShop } from '../commands/connections/set-channel-shop.js';
import { shopStatus } from '../domain/shop-settings.js';
import type { ChannelConnectionRow } from '../entities/channel-connection.entity.js';
import { BRIDGE_ERRORS } from '../errors.js';
import { channelById, lastSyncAt } from '../queries/channels.js';
import { BridgeUserError } from './bridge-user-error.type.js';
import { ChannelType } from './channel.type.js';

const ShopStatusEnum = { ACTIVE: 'ACTIVE', INACTIVE: 'INACTIVE', SUSPENDED: 'SUSPENDED' } as const;
registerEnumType(ShopStatusEnum, {
  name: 'ShopStatus',
  valuesConfig: { INACTIVE: { description: 'Somebody switched it off, or left it.' }, SUSPENDED: { description: 'It went off with its merchant, and comes on again with it.' } },
});

@ObjectType('ChannelShop', { description: 'A shop as its platform runs it. Amounts and instants of its orders say their own currency and zone.' })
class ChannelShopType {
  @Field(() => ID, { nullable: true, description: 'What the platform calls the shop; null where it says none.' }) storeId!: string | null;
  @Field({ description: 'BCP 47; `zh-CN` until it or somebody says otherwise.' }) locale!: string;
  @Field({ description: 'ISO 4217, the one that it counts in; `USD` until somebody says otherwise.' }) currency!: string;
  @Field({ description: 'IANA name; `Asia/Shanghai` until somebody says otherwise.' }) timeZone!: string;
  @Field(() => ShopStatusEnum) status!: keyof typeof ShopStatusEnum;
  @Field(() => DateTime, { nullable: true, description: 'When its owner let our app in the first time; null where keys were filled in by hand.' }) installedAt!: Date | null;
  @Field(() => DateTime, { nullable: true, description: 'When something of it was last read to the end.' }) lastSyncAt!: Date | null;
}

@InputType({ description: 'What is left out stays as it is.' })
class SetChannelShopInput {
  @Field(() => ID) channelId!: string;
  @Field(() => String, { nullable: true }) locale?: string | null;
  @Field(() => String, { nullable: true }) currency?: string | null;
  @Field(() => String, { nullable: true }) timeZone?: string | null;
}

@ObjectType()
class SetChannelShopPayload {
  @Field(() => ChannelType, { nullable: true }) channel!: ChannelType | null;
  @Field(() => [BridgeUserError]) userErrors!: UserErrorShape[];
}

@Resolver(() => ChannelType)
export class ChannelShopResolver {
  @FieldResolver(() => ChannelShopType)
  async shop(@Root() root: ChannelType, @Ctx() ctx: GraphContext): Promise<ChannelShopType> {
    const channel = root as unknown as ChannelConnectionRow;
    const { locale, currency, timeZone, installedAt, settings } = channel;
    return { storeId: settings['storeId'] || null, locale, currency, timeZone, installedAt: installedAt ?? null, status: shopStatus(channel), lastSyncAt: (await lastSyncAt(ctx).load(root.id)) ?? null };
  }

  @Mutation(() => SetChannelShopPayload, { description: 'Says what a shop speaks, counts and lives in.' })
  async setChannelShop(@Arg('input', () => SetChannelShopInput) input: SetChannelShopInput, @Ctx() ctx: GraphContext): Promise<SetChannelShopPayload> {
    ctx.viewer.must('channels:write');
    const channelId = parseId('con', input.channelId);
    const result = await setChannelShop(ctx, { channelId, locale: input.locale ?? undefined, currency: input.currency ?? undefined, timeZone: input.timeZone ?? undefined });
    if (result.kind !== 'set') return { channel: null, userErrors: [toUserError(BRIDGE_ERRORS, result, ctx.language)] };
    return { channel: (await channelById(ctx).clear(channelId).load(channelId)) as ChannelType | null, userErrors: [] };
  }
}
