import { isId } from '@quanyu/ids';
import { Connection, PageArgs, parsePage, ProductError, type GraphContext, type Page } from '@quanyu/subgraph';
import { Arg, Args, Ctx, Field, FieldResolver, ID, InputType, Query, Resolver, Root } from 'type-graphql';
import type { ReservationState } from '../domain/reservation-states.js';
import { acknowledgementsOf, linesOfReservation, reservationPage } from '../queries/reservations.js';
import { levelById } from '../queries/stock-levels.js';
import { ChannelStub } from './channel.stub.js';
import { parseIds } from './id-arguments.js';
import { OrderStub } from './order.stub.js';
import { OutsideAcknowledgementType, ReservationLineType, ReservationStateEnum, ReservationType } from './reservation.type.js';
import { SkuStub } from './sku.stub.js';
import { StockLevelType } from './stock-level.type.js';

const ReservationConnection = Connection(ReservationType, 'Reservation');
const MOST_KEYS = 250;

@InputType()
class ReservationFilterInput {
  @Field(() => [String], { nullable: true, description: "Orders' ids, or other callers' keys." }) keys?: string[] | null;
  @Field(() => [ReservationStateEnum], { nullable: true, description: 'As of this moment: a hold past its end counts as EXPIRED.' }) states?: ReservationState[] | null;
  @Field(() => [ID], { nullable: true }) skuIds?: string[] | null;
  @Field(() => String, { nullable: true }) bucket?: string | null;
}

@Resolver(() => ReservationType)
export class ReservationResolver {
  @Query(() => ReservationConnection, { description: 'Holds, newest first.' })
  reservations(@Ctx() ctx: GraphContext, @Args(() => PageArgs) page: PageArgs, @Arg('filter', () => ReservationFilterInput, { nullable: true }) filter?: ReservationFilterInput | null): Promise<Page<ReservationType>> {
    ctx.viewer.must('inventory:read');
    if ((filter?.keys?.length ?? 0) > MOST_KEYS) throw new ProductError('INPUT_INVALID', `at most ${MOST_KEYS} keys`);
    return reservationPage(ctx, {
      keys: filter?.keys ?? undefined, states: filter?.states ?? undefined, skuIds: parseIds('sku', filter?.skuIds), bucket: filter?.bucket ?? undefined,
    }, parsePage(page)) as unknown as Promise<Page<ReservationType>>;
  }

  @FieldResolver(() => ReservationStateEnum, { description: 'As of this moment.' })
  state(@Root() { stateNow }: ReservationType): ReservationState {
    return stateNow;
  }

  @FieldResolver(() => OrderStub, { nullable: true, description: 'The order, where it is held for one.' })
  order(@Root() { key }: ReservationType): OrderStub | null {
    return isId('ord', key) ? { id: key } : null;
  }

  @FieldResolver(() => [ReservationLineType])
  lines(@Root() { id }: ReservationType, @Ctx() ctx: GraphContext): Promise<readonly ReservationLineType[]> {
    return linesOfReservation(ctx).load(id);
  }

  @FieldResolver(() => [OutsideAcknowledgementType])
  acknowledgements(@Root() { key }: ReservationType, @Ctx() ctx: GraphContext): Promise<readonly OutsideAcknowledgementType[]> {
    return acknowledgementsOf(ctx).load(key);
  }
}

@Resolver(() => ReservationLineType)
export class ReservationLineResolver {
  @FieldResolver(() => SkuStub)
  sku(@Root() { skuId }: ReservationLineType): SkuStub {
    return { id: skuId };
  }

  @FieldResolver(() => StockLevelType, { nullable: true })
  stockLevel(@Root() { stockLevelId }: ReservationLineType, @Ctx() ctx: GraphContext): Promise<StockLevelType | null> {
    return levelById(ctx).load(stockLevelId);
  }
}

@Resolver(() => OutsideAcknowledgementType)
export class OutsideAcknowledgementResolver {
  @FieldResolver(() => ChannelStub)
  channel(@Root() { connectionId }: OutsideAcknowledgementType): ChannelStub {
    return { id: connectionId };
  }
}
