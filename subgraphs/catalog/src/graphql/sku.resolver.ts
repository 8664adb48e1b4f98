import { CurrencyCode, MoneyType, ProductError, toMoneyType, type GraphContext } from '@quanyu/subgraph';
import { Arg, Ctx, Directive, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { nextChange, priceAt } from '../domain/price.js';
import { productById } from '../queries/products.js';
import { channelSkusBySku, pricesBySku, skusByCode } from '../queries/skus.js';
import { ChannelSkuType } from './channel-sku.type.js';
import { PriceType, ProductType, SkuType } from './product.type.js';
import { PUBLIC } from './public.js';

const MAX_CODES = 250;

@Resolver(() => SkuType)
export class SkuResolver {
  @Directive(PUBLIC)
  @Query(() => [SkuType], { description: 'SKUs by code, in the order asked for; unknown codes are left out. 250 codes at most.' })
  skus(@Ctx() ctx: GraphContext, @Arg('codes', () => [String]) codes: string[]): Promise<readonly SkuType[]> {
    ctx.viewer.must('catalog:read');
    if (codes.length > MAX_CODES) throw new ProductError('INPUT_INVALID', `at most ${MAX_CODES} codes`);
    return skusByCode(ctx, codes) as Promise<readonly SkuType[]>;
  }

  @Directive(PUBLIC)
  @FieldResolver(() => ProductType)
  product(@Root() sku: SkuType, @Ctx() ctx: GraphContext): Promise<ProductType | null> {
    ctx.viewer.must('catalog:read');
    return productById(ctx).load(sku.productId) as Promise<ProductType | null>;
  }

  @Directive(PUBLIC)
  @FieldResolver(() => MoneyType, { nullable: true, description: 'What it costs now in a currency; null when no price of that currency holds.' })
  async price(@Root() sku: SkuType, @Ctx() ctx: GraphContext, @Arg('currency', () => CurrencyCode) currency: string): Promise<MoneyType | null> {
    ctx.viewer.must('catalog:read');
    const [prices, now] = [await pricesBySku(ctx).load(sku.id), new Date()];
    const change = nextChange(prices.filter((price) => price.currency === currency), now);
    if (change !== null) ctx.endsAt(change);
    const price = priceAt(prices, currency, now);
    return price && toMoneyType(price.amountMinor, price.currency);
  }

  @Directive(PUBLIC)
  @FieldResolver(() => [PriceType], { description: 'All its prices, past and coming ones too.' })
  async prices(@Root() sku: SkuType, @Ctx() ctx: GraphContext): Promise<PriceType[]> {
    ctx.viewer.must('catalog:read');
    return (await pricesBySku(ctx).load(sku.id)).map(({ kind, amountMinor, currency, validFrom, validTo }) =>
      ({ kind, currency, validFrom: validFrom ?? null, validTo: validTo ?? null, money: toMoneyType(amountMinor, currency) }));
  }

  @FieldResolver(() => [ChannelSkuType], { description: 'What the channels that you may see call it, where a mapping says so.' })
  channelNames(@Root() sku: SkuType, @Ctx() ctx: GraphContext): Promise<readonly ChannelSkuType[]> {
    ctx.viewer.must('catalog:read');
    return channelSkusBySku(ctx).load(sku.id);
  }
}
