import { parseId } from '@quanyu/ids';
import { DateTime, toUserError, type GraphContext, type UserErrorShape } from '@quanyu/subgraph';
import { Arg, Ctx, Field, Float, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import { confirmReservation, type ConfirmOutcome } from '../commands/holds/confirm-reservation.js';
import { consumeReservation, extendReservation, releaseReservation, type PartOutcome } from '../commands/holds/settle-reservation.js';
import { isOrderKey } from '../domain/keys.js';
import { INVENTORY_ERRORS } from '../errors.js';
import { InventoryUserError } from './inventory-user-error.type.js';
import { ReservationLineInput } from './reserve-stock.mutation.js';

@InputType({ description: 'A reservation by its key. Done twice it is done once.' })
class ReservationInput {
  @Field({ description: 'What it is held for.' }) key!: string;
}

@InputType({ description: 'Some of a reservation: a parcel, a return.' })
class ReservationPartInput {
  @Field({ description: 'Names the part; the same again changes nothing.' }) reference!: string;
  @Field(() => [ReservationLineInput]) lines!: ReservationLineInput[];
}

@InputType()
class SettleReservationInput extends ReservationInput {
  @Field(() => ReservationPartInput, { nullable: true, description: 'All that is left when not given.' }) part?: ReservationPartInput | null;
}

@InputType()
class ExtendReservationInput extends ReservationInput {
  @Field(() => Float, { nullable: true, description: 'At most 5, which is also what it is when not given.' }) minutes?: number | null;
}

@ObjectType()
class ReservationPayload {
  @Field(() => ID, { nullable: true }) reservationId!: string | null;
  @Field(() => DateTime, { nullable: true, description: 'Null: it has no end, or has ended.' }) expiresAt!: Date | null;
  @Field(() => Boolean, { description: 'It was so already.' }) replay!: boolean;
  @Field(() => String, { nullable: true, description: 'Why a payment has to be refunded, where it has: SOLD_OUT, ORDER_CANCELLED, …' }) refundReason!: string | null;
  @Field(() => [InventoryUserError]) userErrors!: UserErrorShape[];
}

@Resolver()
export class ReservationDeedsMutations {
  @Mutation(() => ReservationPayload, { description: 'Gives units back. Reservations of orders end with their orders.' })
  releaseReservation(@Arg('input', () => SettleReservationInput) { key, part }: SettleReservationInput, @Ctx() ctx: GraphContext): Promise<ReservationPayload> {
    return byOthers(ctx, key, () => releaseReservation(ctx.deps.database, { tenantId: ctx.viewer.tenantId, key, part: partOf(part) }));
  }

  @Mutation(() => ReservationPayload, { description: 'Ships units: they are on hand no more.' })
  consumeReservation(@Arg('input', () => SettleReservationInput) { key, part }: SettleReservationInput, @Ctx() ctx: GraphContext): Promise<ReservationPayload> {
    ctx.viewer.must('inventory:write');
    return payloadOf(ctx, consumeReservation(ctx.deps.database, { tenantId: ctx.viewer.tenantId, key, part: partOf(part) }));
  }

  @Mutation(() => ReservationPayload, { description: 'It is paid: it has no end any more. After its end it is held again where there is enough; else the payment is to be refunded.' })
  confirmReservation(@Arg('input', () => ReservationInput) { key }: ReservationInput, @Ctx() ctx: GraphContext): Promise<ReservationPayload> {
    return byOthers(ctx, key, () => confirmReservation(ctx.deps.database, { tenantId: ctx.viewer.tenantId, key }));
  }

  @Mutation(() => ReservationPayload, { description: 'More time while a payment is in progress: once, at most five minutes; again it answers the end that it has.' })
  extendReservation(@Arg('input', () => ExtendReservationInput) { key, minutes }: ExtendReservationInput, @Ctx() ctx: GraphContext): Promise<ReservationPayload> {
    return byOthers(ctx, key, () => extendReservation(ctx.deps.database, { tenantId: ctx.viewer.tenantId, key, minutes: minutes ?? undefined }));
  }
}

const partOf = (part: ReservationPartInput | null | undefined) =>
  (part === null || part === undefined ? null : { reference: part.reference, lines: part.lines.map(({ skuId, quantity }) => ({ skuId: parseId('sku', skuId), quantity })) });

/** What orders hold is theirs: ended here, an order would ship what it does not have. */
function byOthers(ctx: GraphContext, key: string, work: () => Promise<PartOutcome | ConfirmOutcome>): Promise<ReservationPayload> {
  ctx.viewer.must('inventory:write');
  return payloadOf(ctx, isOrderKey(key) ? Promise.resolve({ kind: 'refused', code: 'KEY_INVALID' } as const) : work());
}

async function payloadOf(ctx: GraphContext, settling: Promise<PartOutcome | ConfirmOutcome | { readonly kind: 'refused'; readonly code: 'KEY_INVALID' }>): Promise<ReservationPayload> {
  const outcome = await settling;
  switch (outcome.kind) {
    case 'done': return { reservationId: outcome.reservationId, expiresAt: outcome.expiresAt, replay: outcome.replay, refundReason: null, userErrors: [] };
    case 'refund': return { reservationId: null, expiresAt: null, replay: false, refundReason: outcome.reason, userErrors: [] };
    case 'refused': return { reservationId: null, expiresAt: null, replay: false, refundReason: null, userErrors: [toUserError(INVENTORY_ERRORS, { kind: 'refused', code: outcome.code }, ctx.language)] };
  }
}
