import { parseId } from '@quanyu/ids';
import { toUserError, type GraphContext, type UserErrorShape } from '@quanyu/subgraph';
import { AccessError } from '@quanyu/viewer';
import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import { mapChannelSku } from '../commands/map-channel-sku.js';
import { CATALOG_ERRORS } from '../errors.js';
import { channelSkuById, channelSkusBySku } from '../queries/skus.js';
import { CatalogUserError } from './catalog-user-error.type.js';
import { ChannelSkuType } from './channel-sku.type.js';

@InputType()
class MapChannelSkuInput {
  @Field(() => ID) channelId!: string;
  @Field({ description: "What the channel calls it: its SKU text, else `variant:<id>`, else `title:<text>`; as an order's exception shows it." }) externalSku!: string;
  @Field(() => ID) skuId!: string;
  @Field({ description: 'The same key again answers the first result.' }) idempotencyKey!: string;
}

@ObjectType()
class MapChannelSkuPayload {
  @Field(() => ChannelSkuType, { nullable: true }) mapping!: ChannelSkuType | null;
  @Field(() => [CatalogUserError]) userErrors!: UserErrorShape[];
}

@Resolver()
export class MapChannelSkuMutation {
  @Mutation(() => MapChannelSkuPayload, { description: 'Says which SKU a channel means by a name. Orders that wait for it go on; a name may be given another meaning later.' })
  async mapChannelSku(@Arg('input', () => MapChannelSkuInput) input: MapChannelSkuInput, @Ctx() ctx: GraphContext): Promise<MapChannelSkuPayload> {
    ctx.viewer.must('catalog:write');
    const channelId = parseId('con', input.channelId);
    if (!ctx.viewer.seesChannel(channelId)) throw new AccessError('FORBIDDEN');
    const skuId = parseId('sku', input.skuId);
    const result = await mapChannelSku(ctx, { ...input, channelId, skuId });
    if (result.kind === 'refused') return { mapping: null, userErrors: [toUserError(CATALOG_ERRORS, result, ctx.language)] };
    channelSkusBySku(ctx).clearAll();
    return { mapping: await channelSkuById(ctx).clear(result.mappingId).load(result.mappingId), userErrors: [] };
  }
}
