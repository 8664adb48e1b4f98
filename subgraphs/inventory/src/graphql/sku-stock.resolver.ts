import type { GraphContext } from '@quanyu/subgraph';
import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { available } from '../domain/available.js';
import { levelsBySku } from '../queries/stock-levels.js';
import { SkuStock, SkuStub } from './sku.stub.js';

@Resolver(() => SkuStub)
export class SkuStockResolver {
  @FieldResolver(() => SkuStock)
  async stock(@Root() sku: SkuStub, @Ctx() ctx: GraphContext): Promise<SkuStock> {
    ctx.viewer.must('inventory:read');
    const levels = await levelsBySku(ctx).load(sku.id);
    const sum = (of: (level: (typeof levels)[number]) => number): number => levels.reduce((total, level) => total + of(level), 0);
    return { onHand: sum((level) => level.onHand), reserved: sum((level) => level.reserved), available: sum(available), levels };
  }
}
