import { isId, parseId } from '@quanyu/ids';
import { Connection, DateTime, PageArgs, parsePage, type GraphContext, type Page } from '@quanyu/subgraph';
import { Arg, Args, Ctx, Field, FieldResolver, ID, InputType, Int, ObjectType, Query, registerEnumType, Resolver, Root } from 'type-graphql';
import { MOVEMENT_REASONS, type MovementReason } from '../domain/movement-reasons.js';
import { movementPage } from '../queries/movements.js';
import { reservationById } from '../queries/reservations.js';
import { levelById } from '../queries/stock-levels.js';
import { parseIds, parseOptionalId } from './id-arguments.js';
import { ReservationType } from './reservation.type.js';
import { StockLevelType } from './stock-level.type.js';

const MovementReasonEnum = Object.fromEntries(MOVEMENT_REASONS.map((reason) => [reason, reason])) as Record<MovementReason, MovementReason>;
registerEnumType(MovementReasonEnum, { name: 'StockMovementReason' });

@ObjectType('StockMovement', { description: 'One change of a stock level: what it added to each quantity. Movements are only ever added; their sums are the level.' })
export class StockMovementType {
  @Field(() => ID) id!: string;
  @Field(() => MovementReasonEnum) reason!: MovementReason;
  @Field(() => Int, { description: 'The version of the level that it made.' }) sequence!: number;
  @Field(() => Int) onHand!: number;
  @Field(() => Int) reserved!: number;
  @Field(() => Int) unavailable!: number;
  @Field(() => Int) incoming!: number;
  @Field(() => Int) allowance!: number;
  @Field(() => Int) deficit!: number;
  @Field(() => String, { nullable: true, description: 'What it was done for: a stock take, a file, an order of the system outside.' }) reference!: string | null;
  @Field(() => String, { nullable: true, description: 'Who did it; null for the engine itself.' }) actor!: string | null;
  @Field(() => String, { nullable: true }) note!: string | null;
  @Field(() => DateTime) at!: Date;
  stockLevelId!: string;
  reservationId!: string | null;
}

const StockMovementConnection = Connection(StockMovementType, 'StockMovement');

@InputType()
class StockMovementFilterInput {
  @Field(() => [ID], { nullable: true }) skuIds?: string[] | null;
  @Field(() => [ID], { nullable: true }) locationIds?: string[] | null;
  @Field(() => [MovementReasonEnum], { nullable: true }) reasons?: MovementReason[] | null;
  @Field(() => ID, { nullable: true }) reservationId?: string | null;
  @Field(() => String, { nullable: true, description: 'Id of a stock take, an import or another cause.' }) reference?: string | null;
  @Field(() => DateTime, { nullable: true }) from?: Date | null;
  @Field(() => DateTime, { nullable: true, description: 'Before this.' }) until?: Date | null;
}

@Resolver(() => StockMovementType)
export class MovementResolver {
  @Query(() => StockMovementConnection, { description: 'The journal of stock, newest first.' })
  movements(@Ctx() ctx: GraphContext, @Args(() => PageArgs) page: PageArgs, @Arg('filter', () => StockMovementFilterInput, { nullable: true }) filter?: StockMovementFilterInput | null): Promise<Page<StockMovementType>> {
    ctx.viewer.must('inventory:read');
    return movementPage(ctx, {
      skuIds: parseIds('sku', filter?.skuIds), locationIds: parseIds('loc', filter?.locationIds), reasons: filter?.reasons ?? undefined,
      reservationId: parseOptionalId('rsv', filter?.reservationId) ?? undefined, reference: filter?.reference ?? undefined,
      from: filter?.from ?? undefined, until: filter?.until ?? undefined,
    }, parsePage(page)) as unknown as Promise<Page<StockMovementType>>;
  }

  @FieldResolver(() => StockLevelType, { nullable: true })
  stockLevel(@Root() { stockLevelId }: StockMovementType, @Ctx() ctx: GraphContext): Promise<StockLevelType | null> {
    return levelById(ctx).load(parseId('stk', stockLevelId));
  }

  @FieldResolver(() => ReservationType, { nullable: true, description: 'The hold that made it, where one did.' })
  reservation(@Root() { reservationId }: StockMovementType, @Ctx() ctx: GraphContext): Promise<ReservationType | null> | null {
    return isId('rsv', reservationId) ? reservationById(ctx).load(reservationId) as unknown as Promise<ReservationType | null> : null;
  }
}
