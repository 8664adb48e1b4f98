import { CurrencyCode, DateTime, MoneyType } from '@quanyu/subgraph';
import { Directive, Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { ProductRow } from '../entities/product.entity.js';
import type { SkuOption } from '../entities/sku.entity.js';
import { PUBLIC } from './public.js';

export const ProductKindEnum = { PHYSICAL: 'PHYSICAL', VIRTUAL: 'VIRTUAL' } as const satisfies Record<ProductRow['kind'], string>;
registerEnumType(ProductKindEnum, { name: 'ProductKind', valuesConfig: { PHYSICAL: { description: 'Is shipped.' }, VIRTUAL: { description: 'Is not: a course, a code, a card, a ticket.' } } });

export const ProductStatusEnum = { ACTIVE: 'ACTIVE', DRAFT: 'DRAFT', ARCHIVED: 'ARCHIVED' } as const satisfies Record<ProductRow['status'], string>;
registerEnumType(ProductStatusEnum, { name: 'ProductStatus', valuesConfig: { ACTIVE: { description: 'Can be sold.' }, DRAFT: { description: 'Is being prepared.' }, ARCHIVED: { description: 'Is sold no more.' } } });

@Directive('@key(fields: "id")')
@ObjectType('Product', { description: 'What customers look at; they buy one of its SKUs.' })
export class ProductType {
  @Directive(PUBLIC) @Field(() => ID) id!: string;
  @Directive(PUBLIC) @Field() title!: string;
  @Directive(PUBLIC) @Field(() => String, { nullable: true }) brand!: string | null;
  @Directive(PUBLIC) @Field(() => ProductKindEnum) kind!: ProductRow['kind'];
  @Directive(PUBLIC) @Field(() => ProductStatusEnum) status!: ProductRow['status'];
  @Directive(PUBLIC) @Field(() => DateTime) createdAt!: Date;
}

@ObjectType('SkuOption', { description: 'What tells a SKU from the others of its product, such as colour: red.' })
export class SkuOptionType implements SkuOption {
  @Directive(PUBLIC) @Field() name!: string;
  @Directive(PUBLIC) @Field() value!: string;
}

export const PriceKindEnum = { BASE: 'BASE' } as const;
registerEnumType(PriceKindEnum, { name: 'PriceKind', valuesConfig: { BASE: { description: 'The same in all channels.' } } });

@ObjectType('Price', { description: 'What a SKU costs in one currency; prices are not converted.' })
export class PriceType {
  @Directive(PUBLIC) @Field(() => PriceKindEnum) kind!: keyof typeof PriceKindEnum;
  @Directive(PUBLIC) @Field(() => MoneyType) money!: MoneyType;
  @Directive(PUBLIC) @Field(() => CurrencyCode) currency!: string;
  @Directive(PUBLIC) @Field(() => DateTime, { nullable: true, description: 'Holds from then on; always, when null.' }) validFrom!: Date | null;
  @Directive(PUBLIC) @Field(() => DateTime, { nullable: true, description: 'Holds until just before; for good, when null.' }) validTo!: Date | null;
}

@Directive('@key(fields: "id")')
@ObjectType('Sku', { description: 'What is counted, priced, ordered and shipped.' })
export class SkuType {
  @Directive(PUBLIC) @Field(() => ID) id!: string;
  @Directive(PUBLIC) @Field({ description: 'Unique; channels name the SKU by it unless a mapping says otherwise.' }) code!: string;
  @Directive(PUBLIC) @Field(() => String, { nullable: true, description: "Its own title, where the product's does not say enough." }) title!: string | null;
  @Directive(PUBLIC) @Field(() => [SkuOptionType]) options!: readonly SkuOptionType[];
  @Directive(PUBLIC) @Field(() => String, { nullable: true }) barcode!: string | null;
  @Directive(PUBLIC) @Field(() => Int, { nullable: true }) weightGrams!: number | null;
  productId!: string;
}
