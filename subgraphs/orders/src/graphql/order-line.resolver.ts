import { MoneyType, toMoneyType, type GraphContext } from '@quanyu/subgraph';
import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { orderById } from '../queries/orders.js';
import { OrderLineType, SkuStub } from './order.type.js';

@Resolver(() => OrderLineType)
export class OrderLineResolver {
  @FieldResolver(() => SkuStub, { nullable: true, description: 'Our SKU; null while nobody knows what the channel means.' })
  sku(@Root() line: OrderLineType): SkuStub | null {
    return line.skuId ? { id: line.skuId } : null;
  }

  @FieldResolver(() => MoneyType)
  async unitPrice(@Root() line: OrderLineType, @Ctx() ctx: GraphContext): Promise<MoneyType> {
    return toMoneyType(line.unitPriceMinor, (await orderById(ctx).load(line.orderId))!.currency);
  }

  @FieldResolver(() => MoneyType, { description: 'Taken off the whole line.' })
  async discount(@Root() line: OrderLineType, @Ctx() ctx: GraphContext): Promise<MoneyType> {
    return toMoneyType(line.discountMinor, (await orderById(ctx).load(line.orderId))!.currency);
  }
}
