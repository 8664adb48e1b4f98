import { parseId } from '@quanyu/ids';
import { toUserError, type GraphContext, type UserErrorShape } from '@quanyu/subgraph';
import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import { replayDelivery } from '../commands/deliveries/replay-delivery.js';
import { BRIDGE_ERRORS } from '../errors.js';
import { deliveryById } from '../queries/deliveries.js';
import { BridgeUserError } from './bridge-user-error.type.js';
import { DeliveryType } from './delivery.type.js';

@InputType()
class ReplayDeliveryInput {
  @Field(() => ID) deliveryId!: string;
}

@ObjectType()
class ReplayDeliveryPayload {
  @Field(() => DeliveryType, { nullable: true }) delivery!: DeliveryType | null;
  @Field(() => [BridgeUserError]) userErrors!: UserErrorShape[];
}

@Resolver()
export class ReplayDeliveryMutation {
  @Mutation(() => ReplayDeliveryPayload, { description: 'Has a webhook worked on once more. Orders that are further on already are not set back by it.' })
  async replayDelivery(@Arg('input', () => ReplayDeliveryInput) input: ReplayDeliveryInput, @Ctx() ctx: GraphContext): Promise<ReplayDeliveryPayload> {
    ctx.viewer.must('channels:write');
    const deliveryId = parseId('dlv', input.deliveryId);
    const result = await replayDelivery(ctx, deliveryId);
    if (result.kind === 'refused') return { delivery: null, userErrors: [toUserError(BRIDGE_ERRORS, result, ctx.language)] };
    return { delivery: (await deliveryById(ctx).load(deliveryId)) as DeliveryType | null, userErrors: [] };
  }
}
