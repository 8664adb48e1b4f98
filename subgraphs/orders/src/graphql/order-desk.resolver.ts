import type { GraphContext } from '@quanyu/subgraph';
import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { actionRefusal, ORDER_ACTIONS } from '../domain/order-actions.js';
import { keepsBack } from '../domain/order-state.js';
import { refundable } from '../domain/refundable.js';
import { linesByParcel, parcelsByOrder, timelineByOrder } from '../queries/order-desk.js';
import { exceptionsByOrder, linesByOrder } from '../queries/orders.js';
import { AfterSaleStageEnum, messageOf, OrderActionType, OrderType, TimelineEntryType, type OrderLineType } from './order.type.js';
import { ParcelLineType, ParcelType } from './parcel.type.js';
import type { AfterSaleStage } from '../domain/platform-status.js';

/** What an operator sees of an order beside its own columns. */
@Resolver(() => OrderType)
export class OrderDeskResolver {
  @FieldResolver(() => Boolean, { description: 'Some of it is on its way and some is not: still to ship.' })
  partiallyShipped(@Root() order: OrderType): boolean {
    return order.shipped === 'PART';
  }

  @FieldResolver(() => AfterSaleStageEnum)
  afterSale(@Root() order: OrderType): AfterSaleStage {
    const stages = [order.afterSale, order.channelAfterSale];
    return stages.includes('REFUNDING') ? 'REFUNDING' : stages.includes('AFTER_SALE') ? 'AFTER_SALE' : 'NONE';
  }

  @FieldResolver(() => [OrderActionType])
  async availableActions(@Root() order: OrderType, @Ctx() ctx: GraphContext): Promise<OrderActionType[]> {
    const exceptions = await exceptionsByOrder(ctx).load(order.id);
    const facts = { ...order, refundableMinor: refundable(order), hasOpenException: exceptions.some(({ state, code }) => state === 'OPEN' && keepsBack(code)) };
    return ORDER_ACTIONS.map((action) => {
      const reason = actionRefusal(facts, action);
      return { action, enabled: reason === null, reason, message: reason === null ? null : messageOf(reason, ctx.language) };
    });
  }

  @FieldResolver(() => String, { nullable: true, description: 'For staff.' })
  holdReason(@Root() order: OrderType, @Ctx() ctx: GraphContext): string | null {
    return ctx.viewer.kind === 'member' ? null : order.holdReason;
  }

  @FieldResolver(() => [TimelineEntryType], { description: 'Who did what to it, in order. A buyer sees what was done, not by whom of the staff nor its details.' })
  async timeline(@Root() order: OrderType, @Ctx() ctx: GraphContext): Promise<TimelineEntryType[]> {
    const forBuyer = ctx.viewer.kind === 'member';
    return (await timelineByOrder(ctx).load(order.id)).map((entry) => ({ ...entry, actorId: forBuyer && entry.actorKind !== 'MEMBER' ? '' : entry.actorId, detail: forBuyer ? '{}' : JSON.stringify(entry.detail) }));
  }

  @FieldResolver(() => [ParcelType])
  parcels(@Root() order: OrderType, @Ctx() ctx: GraphContext): Promise<readonly ParcelType[]> {
    return parcelsByOrder(ctx).load(order.id) as Promise<readonly ParcelType[]>;
  }
}

@Resolver(() => ParcelType)
export class ParcelResolver {
  @FieldResolver(() => [ParcelLineType])
  async lines(@Root() parcel: ParcelType, @Ctx() ctx: GraphContext): Promise<ParcelLineType[]> {
    const [held, lines] = await Promise.all([linesByParcel(ctx).load(parcel.id), linesByOrder(ctx).load(parcel.orderId)]);
    const byId = new Map(lines.map((line) => [line.id, line]));
    return held.map(({ orderLineId, quantity }) => ({ line: byId.get(orderLineId) as OrderLineType, quantity }));
  }
}
