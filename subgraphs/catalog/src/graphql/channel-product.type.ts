import { DateTime } from '@quanyu/subgraph';
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { Mapping } from '../queries/channel-products.js';
import { ProductStatusEnum } from './product.type.js';

const MappingEnum = { MAPPED: 'MAPPED', BY_CODE: 'BY_CODE', UNMAPPED: 'UNMAPPED' } as const satisfies { readonly [M in Mapping]: M };
registerEnumType(MappingEnum, {
  name: 'ChannelVariantMapping',
  valuesConfig: {
    MAPPED: { description: 'A mapping says which SKU it is.' }, BY_CODE: { description: 'The channel calls it by the code of a SKU.' },
    UNMAPPED: { description: 'No SKU of ours yet: an order of it waits for a person. `mapChannelSku` says what it is.' },
  },
});

@ObjectType('ChannelProductOption')
class ChannelProductOptionType {
  @Field() name!: string;
  @Field(() => [String]) values!: readonly string[];
}

@ObjectType('ChannelProductImage')
export class ChannelProductImageType {
  @Field({ description: "The channel's own id of it." }) externalImageId!: string;
  @Field({ description: 'An address that the channel told; nothing of it has been fetched.' }) src!: string;
  @Field(() => Int) position!: number;
  @Field(() => Int, { nullable: true }) width!: number | null;
  @Field(() => Int, { nullable: true }) height!: number | null;
}

@ObjectType('ChannelVariantWeight')
export class ChannelVariantWeightType {
  @Field({ description: 'A decimal number.' }) value!: string;
  @Field({ description: 'As the channel says: `kg`, `g`, `lb`.' }) unit!: string;
}

@ObjectType('ChannelProduct', { description: 'What a channel sells, as it lists it: a mirror that only the channel writes. Products of ours are `Product`.' })
export class ChannelProductType {
  @Field(() => ID) id!: string;
  @Field({ description: "The channel's own id of it." }) externalProductId!: string;
  @Field({ description: 'Text of a stranger; it may hold anything, also signs of HTML.' }) title!: string;
  @Field(() => String, { nullable: true, description: 'HTML of a stranger, as it came: never to be shown without cleaning.' }) bodyHtml!: string | null;
  @Field(() => String, { nullable: true }) vendor!: string | null;
  @Field(() => String, { nullable: true }) productType!: string | null;
  @Field(() => String, { nullable: true, description: 'Its name in addresses of the shop.' }) handle!: string | null;
  @Field(() => [String]) tags!: readonly string[];
  @Field(() => ProductStatusEnum) status!: keyof typeof ProductStatusEnum;
  @Field(() => DateTime, { nullable: true }) publishedAt!: Date | null;
  @Field(() => [ChannelProductOptionType], { description: 'What its variants differ in.' }) options!: readonly ChannelProductOptionType[];
  @Field(() => DateTime, { description: "Of its last change, by the channel's clock." }) changedAt!: Date;
  connectionId!: string;
}

@ObjectType('ChannelVariant', { description: 'What a channel sells under one id of its own.' })
export class ChannelVariantType {
  @Field(() => ID) id!: string;
  @Field({ description: "The channel's own id of it." }) externalVariantId!: string;
  @Field({ description: "The channel's SKU text, else `variant:<id>`: by this orders name it, and mappings." }) externalSku!: string;
  @Field() title!: string;
  @Field(() => Int, { nullable: true, description: 'How many the channel shows; it may say less than none.' }) quantity!: number | null;
  @Field(() => Boolean, { nullable: true }) requiresShipping!: boolean | null;
  @Field(() => [String], { description: "The values of the product's options, in their order." }) options!: readonly string[];
  @Field(() => MappingEnum) mapping!: Mapping;
  productId!: string;
  skuId!: string | null;
  currency!: string | null;
  priceMinor!: number | null;
  compareAtMinor!: number | null;
  weightUnit!: string | null;
}
