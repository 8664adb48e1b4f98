import { DateTime, Decimal } from '@quanyu/subgraph';
import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { Rounding } from '../domain/publish-quantity.js';
import { ChannelStub } from './channel.stub.js';
import { SkuStub } from './sku.stub.js';

const RoundingEnum = { FLOOR: 'FLOOR', ROUND: 'ROUND', CEIL: 'CEIL' } as const satisfies Record<Rounding, Rounding>;
registerEnumType(RoundingEnum, { name: 'QuantityRounding', description: 'What becomes of a part of a unit.' });

export const PublishOutcomeEnum = { PENDING: 'PENDING', ACCEPTED: 'ACCEPTED', FAILED: 'FAILED', REPEAT: 'REPEAT' } as const;
registerEnumType(PublishOutcomeEnum, {
  name: 'PublishOutcome',
  valuesConfig: {
    PENDING: { description: 'Told; the channel has not answered yet.' },
    FAILED: { description: 'Not taken by the channel after all tries; everything is told again soon.' },
    REPEAT: { description: 'About to be told again, equal or not.' },
  },
});

@ObjectType('AllocationRule', { description: 'How stock is shown on channels. Of each value the most specific rule that says it holds: SKU, category, channel, all.' })
export class AllocationRuleType {
  @Field(() => ID) id!: string;
  @Field(() => String, { nullable: true, description: 'The category of stock it is for; null with no SKU: for all goods.' }) category!: string | null;
  @Field(() => Int, { nullable: true }) maxOversellUnits!: number | null;
  @Field(() => Int, { nullable: true }) maxOversellPercent!: number | null;
  @Field(() => Int, { nullable: true }) minPublish!: number | null;
  @Field(() => RoundingEnum, { nullable: true }) rounding!: Rounding | null;
  @Field(() => Int, { description: 'Send it back as `expectedVersion`.' }) version!: number;
  @Field(() => DateTime) updatedAt!: Date;
  channelId!: string | null;
  skuId!: string | null;
  ratioScaled!: number | null;
}

@ObjectType('StockPolicy', { description: 'Safety stock and low-stock thresholds: of a SKU, else of its category, else of all.' })
export class StockPolicyType {
  @Field(() => ID) id!: string;
  @Field(() => String, { nullable: true }) category!: string | null;
  @Field(() => Int, { nullable: true, description: 'Units kept back before anything is published. It never refuses an order.' }) safetyStock!: number | null;
  @Field(() => Int, { nullable: true, description: 'Fewer than this is low; 10 where nothing is said, 0 switches it off.' }) lowStockThreshold!: number | null;
  @Field(() => Int, { nullable: true, description: 'How far above the threshold stock has to rise before it can run low anew; a tenth of it where nothing is said.' }) lowStockMargin!: number | null;
  @Field(() => Int, { nullable: true, description: 'With less than this to allocate, only the main channel shows any.' }) mainChannelOnlyBelow!: number | null;
  @Field(() => Int) version!: number;
  @Field(() => DateTime) updatedAt!: Date;
  skuId!: string | null;
}

@ObjectType('StockChannel', { description: 'Whether stock is published to a channel.' })
export class StockChannelType {
  @Field(() => Boolean) publishing!: boolean;
  @Field(() => Boolean, { description: 'The one that gets the last units, where a policy says so.' }) isMain!: boolean;
  @Field(() => Int) version!: number;
  @Field(() => DateTime) updatedAt!: Date;
  channelId!: string;
}

@ObjectType('PublishedQuantity', { description: 'What a channel was last told of a SKU, and what became of it.' })
export class PublishedQuantityType {
  @Field(() => ID) id!: string;
  @Field(() => Int) quantity!: number;
  @Field(() => Int, { description: 'Grows with each telling.' }) version!: number;
  @Field(() => DateTime) publishedAt!: Date;
  @Field(() => PublishOutcomeEnum) outcome!: keyof typeof PublishOutcomeEnum;
  @Field(() => DateTime, { nullable: true }) outcomeAt!: Date | null;
  @Field(() => String, { nullable: true }) failureCode!: string | null;
  channelId!: string;
  skuId!: string;
}

@ObjectType('ChannelPreview')
export class ChannelPreviewType {
  @Field(() => ChannelStub) channel!: ChannelStub;
  @Field(() => Int, { description: 'What it would show.' }) quantity!: number;
  @Field(() => Int, { nullable: true, description: 'What it was last told; null when nothing.' }) published!: number | null;
}

@ObjectType('AllocationPreview', { description: 'What channels would show of a SKU under supposed settings. Nothing is changed by asking.' })
export class AllocationPreviewType {
  @Field(() => ID) id!: string;
  @Field(() => SkuStub) sku!: SkuStub;
  @Field(() => Int, { description: 'Units that can be promised, over all locations.' }) available!: number;
  @Field(() => Int, { description: 'What is left of them after safety stock.' }) base!: number;
  @Field(() => [ChannelPreviewType]) channels!: readonly ChannelPreviewType[];
}

@InputType()
export class AllocationRuleInput {
  @Field(() => ID, { nullable: true, description: 'Null: every channel.' }) channelId?: string | null;
  @Field(() => String, { nullable: true }) category?: string | null;
  @Field(() => ID, { nullable: true, description: 'A SKU or a category, not both; neither: all goods.' }) skuId?: string | null;
  @Field(() => Decimal, { nullable: true, description: 'Share of the base, such as 0.98, 1 or 2; at most four decimals. Over 1 it needs a cap in the same rule. Null: as a wider rule says, else 1.' }) ratio?: string | null;
  @Field(() => RoundingEnum, { nullable: true, description: 'FLOOR where nothing is said.' }) rounding?: Rounding | null;
  @Field(() => Int, { nullable: true, description: 'At most the base and this many units more.' }) maxOversellUnits?: number | null;
  @Field(() => Int, { nullable: true, description: 'At most this many percent of the base: 200 is twice as many.' }) maxOversellPercent?: number | null;
  @Field(() => Int, { nullable: true, description: 'Fewer than this are shown as 0.' }) minPublish?: number | null;
}

@InputType()
export class StockPolicyInput {
  @Field(() => String, { nullable: true }) category?: string | null;
  @Field(() => ID, { nullable: true, description: 'A SKU or a category, not both; neither: all goods.' }) skuId?: string | null;
  @Field(() => Int, { nullable: true }) safetyStock?: number | null;
  @Field(() => Int, { nullable: true, description: 'Fewer than this is low; 0 switches it off.' }) lowStockThreshold?: number | null;
  @Field(() => Int, { nullable: true }) lowStockMargin?: number | null;
  @Field(() => Int, { nullable: true }) mainChannelOnlyBelow?: number | null;
}
