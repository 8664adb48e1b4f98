import { parseId } from '@quanyu/ids';
import { toUserError, type GraphContext, type UserErrorShape } from '@quanyu/subgraph';
import { Arg, Ctx, Field, ID, InputType, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import { setStockOnHand } from '../commands/levels/set-stock-on-hand.js';
import { INVENTORY_ERRORS } from '../errors.js';
import { levelById } from '../queries/stock-levels.js';
import { InventoryUserError } from './inventory-user-error.type.js';
import { StockLevelType } from './stock-level.type.js';

@InputType()
class SetStockOnHandInput {
  @Field(() => ID) skuId!: string;
  @Field({ defaultValue: 'main', description: 'Code of the location; a new one is made.' }) locationCode!: string;
  @Field(() => Int, { description: 'Units counted.' }) onHand!: number;
  @Field(() => Int, { nullable: true, description: 'The version that you have seen; refused when it has changed.' }) expectedVersion?: number;
  @Field({ description: 'The same key again answers the first result.' }) idempotencyKey!: string;
}

@ObjectType()
class SetStockOnHandPayload {
  @Field(() => StockLevelType, { nullable: true }) stockLevel!: StockLevelType | null;
  @Field(() => [InventoryUserError]) userErrors!: UserErrorShape[];
}

@Resolver()
export class SetStockOnHandMutation {
  @Mutation(() => SetStockOnHandPayload)
  async setStockOnHand(@Arg('input', () => SetStockOnHandInput) input: SetStockOnHandInput, @Ctx() ctx: GraphContext): Promise<SetStockOnHandPayload> {
    ctx.viewer.must('inventory:write');
    const result = await setStockOnHand(ctx, { ...input, skuId: parseId('sku', input.skuId), expectedVersion: input.expectedVersion ?? null });
    if (result.kind === 'refused') return { stockLevel: null, userErrors: [toUserError(INVENTORY_ERRORS, result, ctx.language)] };
    return { stockLevel: await levelById(ctx).load(result.stockLevelId), userErrors: [] };
  }
}
