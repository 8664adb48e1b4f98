import { parseId } from '@quanyu/ids';
import { toUserError, type GraphContext, type UserErrorShape } from '@quanyu/subgraph';
import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, registerEnumType, Resolver } from 'type-graphql';
import { repairDrift } from '../commands/watching/repair-drift.js';
import { setStockAuthority } from '../commands/outside/set-stock-authority.js';
import type { OutsideFigure } from '../domain/follow-outside.js';
import { INVENTORY_ERRORS } from '../errors.js';
import { stockExceptionById } from '../queries/stock-exceptions.js';
import { locationById } from '../queries/stock-levels.js';
import { InventoryUserError } from './inventory-user-error.type.js';
import { StockExceptionType } from './stock-exception.resolver.js';
import { LocationType } from './stock-level.type.js';

export const OutsideFigureEnum = { ON_HAND: 'ON_HAND', AVAILABLE: 'AVAILABLE' } as const satisfies Record<OutsideFigure, OutsideFigure>;
registerEnumType(OutsideFigureEnum, {
  name: 'OutsideFigure',
  valuesConfig: {
    ON_HAND: { description: 'What lies there.' },
    AVAILABLE: { description: 'Only what is left of that after its own orders. Our holds stop counting against it once it has acknowledged their orders.' },
  },
});

@InputType()
class RepairStockDriftInput {
  @Field(() => ID, { description: 'Of the exception with code STOCK_DRIFT.' }) exceptionId!: string;
  @Field(() => String, { nullable: true, description: 'Kept with the movement.' }) note?: string | null;
  @Field() idempotencyKey!: string;
}

@InputType()
class FollowsInput {
  @Field(() => ID, { description: 'The connection of the system outside.' }) connectionId!: string;
  @Field(() => OutsideFigureEnum) figure!: OutsideFigure;
}

@InputType()
class SetStockAuthorityInput {
  @Field(() => ID) locationId!: string;
  @Field(() => FollowsInput, { nullable: true, description: 'Null: the location counts for itself.' }) follows?: FollowsInput | null;
}

@ObjectType()
class RepairStockDriftPayload {
  @Field(() => StockExceptionType, { nullable: true }) stockException!: StockExceptionType | null;
  @Field(() => [InventoryUserError]) userErrors!: UserErrorShape[];
}

@ObjectType()
class SetStockAuthorityPayload {
  @Field(() => LocationType, { nullable: true }) location!: LocationType | null;
  @Field(() => [InventoryUserError]) userErrors!: UserErrorShape[];
}

@Resolver()
export class StockDriftMutations {
  @Mutation(() => RepairStockDriftPayload, {
    description: 'Ends a difference by a movement that says so: the journal is brought to the level, reserved units to the holds, our count to that of the system outside.',
  })
  async repairStockDrift(@Arg('input', () => RepairStockDriftInput) input: RepairStockDriftInput, @Ctx() ctx: GraphContext): Promise<RepairStockDriftPayload> {
    ctx.viewer.must('inventory:write');
    const result = await repairDrift(ctx, { exceptionId: parseId('ste', input.exceptionId), note: input.note ?? null, idempotencyKey: input.idempotencyKey });
    if (result.kind === 'refused') return { stockException: null, userErrors: [toUserError(INVENTORY_ERRORS, result, ctx.language)] };
    return { stockException: await stockExceptionById(ctx).load(result.exceptionId) as StockExceptionType | null, userErrors: [] };
  }

  @Mutation(() => SetStockAuthorityPayload, { description: 'Says whether a location counts for itself or follows a system outside.' })
  async setStockAuthority(@Arg('input', () => SetStockAuthorityInput) { locationId, follows }: SetStockAuthorityInput, @Ctx() ctx: GraphContext): Promise<SetStockAuthorityPayload> {
    ctx.viewer.must('inventory:write');
    const result = await setStockAuthority(ctx, {
      locationId: parseId('loc', locationId), follows: follows === null || follows === undefined ? null : { connectionId: parseId('con', follows.connectionId), figure: follows.figure },
    });
    if (result.kind === 'refused') return { location: null, userErrors: [toUserError(INVENTORY_ERRORS, result, ctx.language)] };
    return { location: await locationById(ctx).load(result.locationId), userErrors: [] };
  }
}
