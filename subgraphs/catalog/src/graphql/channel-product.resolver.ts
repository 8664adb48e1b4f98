import { Connection, MoneyType, PageArgs, parsePage, toMoneyType, type GraphContext, type Page } from '@quanyu/subgraph';
import { Arg, Args, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import {
  channelProductById, channelProductPage, channelVariantPage, FIRST_VARIANTS, imagesByChannelProduct, variantCountByChannelProduct, variantsByChannelProduct, type ChannelImageRow, type ChannelVariantRow,
} from '../queries/channel-products.js';
import { skuById } from '../queries/skus.js';
import { ChannelProductImageType, ChannelProductType, ChannelVariantType, ChannelVariantWeightType } from './channel-product.type.js';
import { ChannelStub } from './channel-sku.type.js';
import { SkuType } from './product.type.js';

const ChannelProductConnection = Connection(ChannelProductType, 'ChannelProduct');
const ChannelVariantConnection = Connection(ChannelVariantType, 'ChannelVariant');

/** No channel has this id: of one that the viewer may not see, nothing is listed. */
const inSight = (ctx: GraphContext, { id }: ChannelStub): string => (ctx.viewer.seesChannel(id) ? id : '');

@Resolver(() => ChannelStub)
export class ListedByChannelResolver {
  @FieldResolver(() => ChannelProductConnection, { description: 'What it sells, as it lists it.' })
  listedProducts(
    @Root() channel: ChannelStub, @Ctx() ctx: GraphContext, @Args(() => PageArgs) page: PageArgs,
    @Arg('query', () => String, { nullable: true, description: 'Text to look for in titles, vendors, kinds and SKU texts.' }) query?: string,
  ): Promise<Page<ChannelProductType>> {
    ctx.viewer.must('catalog:read');
    return channelProductPage(ctx, inSight(ctx, channel), query ?? null, parsePage(page, 'cpr'));
  }

  @FieldResolver(() => ChannelVariantConnection, { description: 'All variants that it sells, whichever product they are of.' })
  listedVariants(
    @Root() channel: ChannelStub, @Ctx() ctx: GraphContext, @Args(() => PageArgs) page: PageArgs,
    @Arg('unmapped', () => Boolean, { defaultValue: false, description: 'Only those that are no SKU of ours yet.' }) unmapped: boolean,
  ): Promise<Page<ChannelVariantType>> {
    ctx.viewer.must('catalog:read');
    return channelVariantPage(ctx, inSight(ctx, channel), unmapped, parsePage(page, 'cva')) as Promise<Page<ChannelVariantRow>> as unknown as Promise<Page<ChannelVariantType>>;
  }
}

@Resolver(() => ChannelProductType)
export class ChannelProductResolver {
  @FieldResolver(() => ChannelStub)
  channel(@Root() product: ChannelProductType): ChannelStub {
    return { id: product.connectionId };
  }

  @FieldResolver(() => [ChannelVariantType], { description: `The first ${FIRST_VARIANTS}; all are to be paged through at \`Channel.listedVariants\`.` })
  variants(@Root() product: ChannelProductType, @Ctx() ctx: GraphContext): Promise<readonly ChannelVariantType[]> {
    return variantsByChannelProduct(ctx).load(product.id) as unknown as Promise<readonly ChannelVariantType[]>;
  }

  @FieldResolver(() => Int)
  async variantCount(@Root() product: ChannelProductType, @Ctx() ctx: GraphContext): Promise<number> {
    return (await variantCountByChannelProduct(ctx).load(product.id)) ?? 0;
  }

  @FieldResolver(() => [ChannelProductImageType])
  images(@Root() product: ChannelProductType, @Ctx() ctx: GraphContext): Promise<readonly ChannelImageRow[]> {
    return imagesByChannelProduct(ctx).load(product.id);
  }
}

@Resolver(() => ChannelVariantType)
export class ChannelVariantResolver {
  @FieldResolver(() => ChannelProductType)
  product(@Root() variant: ChannelVariantType, @Ctx() ctx: GraphContext): Promise<ChannelProductType | null> {
    return channelProductById(ctx).load(variant.productId);
  }

  @FieldResolver(() => SkuType, { nullable: true, description: 'What of ours it is.' })
  sku(@Root() variant: ChannelVariantType, @Ctx() ctx: GraphContext): Promise<SkuType | null> | null {
    ctx.viewer.must('catalog:read');
    return variant.skuId === null ? null : (skuById(ctx).load(variant.skuId) as Promise<SkuType | null>);
  }

  @FieldResolver(() => MoneyType, { nullable: true, description: 'Null where the channel tells none, or one that its currency cannot hold.' })
  price(@Root() { priceMinor, currency }: ChannelVariantType): MoneyType | null {
    return priceMinor === null || currency === null ? null : toMoneyType(priceMinor, currency);
  }

  @FieldResolver(() => MoneyType, { nullable: true, description: 'What it is said to have cost before.' })
  compareAtPrice(@Root() { compareAtMinor, currency }: ChannelVariantType): MoneyType | null {
    return compareAtMinor === null || currency === null ? null : toMoneyType(compareAtMinor, currency);
  }

  @FieldResolver(() => ChannelVariantWeightType, { nullable: true })
  weight(@Root() variant: ChannelVariantType & { readonly weight: string | null }): ChannelVariantWeightType | null {
    return variant.weight === null ? null : { value: variant.weight, unit: variant.weightUnit ?? '' };
  }
}
