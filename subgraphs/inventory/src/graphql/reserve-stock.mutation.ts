import { parseId } from '@quanyu/ids';
import { DateTime, toUserError, type GraphContext, type UserErrorShape } from '@quanyu/subgraph';
import { Arg, Ctx, Field, Float, ID, InputType, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import { reserveStock } from '../commands/holds/reserve-stock.js';
import { isOrderKey, isSoundKey } from '../domain/keys.js';
import { INVENTORY_ERRORS } from '../errors.js';
import { InventoryUserError } from './inventory-user-error.type.js';

@InputType()
export class ReservationLineInput {
  @Field(() => ID) skuId!: string;
  @Field(() => Int, { description: '1 or more; lines of one SKU count together.' }) quantity!: number;
}

@InputType()
class ReserveStockInput {
  @Field({ description: 'Names the reservation: the same key again answers the same reservation, and with another content is refused. Keys of orders are their own.' }) idempotencyKey!: string;
  @Field(() => [ReservationLineInput], { description: '1 to 1,000 lines.' }) lines!: ReservationLineInput[];
  @Field(() => Float, { nullable: true, description: 'Minutes until it ends by itself; 15 when not given.' }) holdMinutes?: number | null;
  @Field(() => Boolean, { defaultValue: false, description: 'Hold what there is, where not all is there.' }) inPart!: boolean;
  @Field(() => String, { nullable: true, description: "The activity whose units are sold; everybody's when not given." }) bucket?: string | null;
  @Field(() => ID, { nullable: true, description: 'Who buys; an activity may have a limit for each member.' }) memberId?: string | null;
  @Field(() => String, { nullable: true, description: 'Where the goods go, in the words of the sourcing rules.' }) region?: string | null;
}

@ObjectType({ description: 'A line that could not be held.' })
export class StockShortage {
  @Field(() => ID) skuId!: string;
  @Field(() => Int) asked!: number;
  @Field(() => Int, { description: 'What there was of it when it was judged.' }) available!: number;
}

@ObjectType()
class ReserveStockPayload {
  @Field(() => ID, { nullable: true, description: 'The reservation; null when nothing is held.' }) reservationId!: string | null;
  @Field(() => DateTime, { nullable: true }) expiresAt!: Date | null;
  @Field(() => Boolean, { description: 'The key was known: nothing new was held.' }) replay!: boolean;
  @Field(() => [StockShortage], { description: 'What was short; with a reservation, what it leaves out.' }) shortages!: readonly StockShortage[];
  @Field(() => [InventoryUserError]) userErrors!: UserErrorShape[];
}

@Resolver()
export class ReserveStockMutation {
  @Mutation(() => ReserveStockPayload, { description: 'Holds all lines or none (or what there is). An ask that was short may come again with its key and is judged anew.' })
  async reserveStock(@Arg('input', () => ReserveStockInput) input: ReserveStockInput, @Ctx() ctx: GraphContext): Promise<ReserveStockPayload> {
    ctx.viewer.must('inventory:write');
    const { idempotencyKey: key, lines, holdMinutes, inPart, bucket, memberId, region } = input;
    if (!isSoundKey(key) || isOrderKey(key)) return refused(ctx, 'KEY_INVALID', 'idempotencyKey');
    const outcome = await reserveStock(ctx.deps.database, {
      tenantId: ctx.viewer.tenantId, key, inPart, lines: lines.map(({ skuId, quantity }) => ({ skuId: parseId('sku', skuId), quantity })),
      hold: holdMinutes ?? undefined, bucket: bucket ?? undefined, memberId: memberId ?? null, region: region ?? null,
    });
    if (outcome.kind === 'refused') return refused(ctx, outcome.code, FIELDS[outcome.code]);
    if (outcome.kind === 'short') return { ...refused(ctx, 'STOCK_SHORT', 'lines'), shortages: outcome.shortages };
    return { reservationId: outcome.reservationId, expiresAt: outcome.expiresAt, replay: outcome.replay, shortages: outcome.shortages, userErrors: [] };
  }
}

/** What a refusal is about; of the crowd or the machine it is about nothing. */
const FIELDS: Readonly<Record<string, string>> = {
  QUANTITY_INVALID: 'lines', LINES_INVALID: 'lines', HOLD_INVALID: 'holdMinutes', KEY_REUSED: 'idempotencyKey', RESERVATION_EXPIRED: 'idempotencyKey', RESERVATION_ENDED: 'idempotencyKey',
  BUCKET_CLOSED: 'bucket', MEMBER_LIMIT: 'lines', SOLD_OUT: 'lines',
};

const refused = (ctx: GraphContext, code: keyof typeof INVENTORY_ERRORS, field?: string): ReserveStockPayload => ({
  reservationId: null, expiresAt: null, replay: false, shortages: [],
  userErrors: [toUserError(INVENTORY_ERRORS, { kind: 'refused', code, ...(field !== undefined && { field: [field] }) }, ctx.language)],
});
