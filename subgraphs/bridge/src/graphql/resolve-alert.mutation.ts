import { parseId } from '@quanyu/ids';
import { toUserError, type GraphContext, type UserErrorShape } from '@quanyu/subgraph';
import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import { resolveAlert } from '../commands/messages/resolve-alert.js';
import { BRIDGE_ERRORS } from '../errors.js';
import { alertById } from '../queries/alerts.js';
import { AlertType } from './alert.type.js';
import { BridgeUserError } from './bridge-user-error.type.js';

@InputType()
class ResolveAlertInput {
  @Field(() => ID) alertId!: string;
}

@ObjectType()
class ResolveAlertPayload {
  @Field(() => AlertType, { nullable: true }) alert!: AlertType | null;
  @Field(() => [BridgeUserError]) userErrors!: UserErrorShape[];
}

@Resolver()
export class ResolveAlertMutation {
  @Mutation(() => ResolveAlertPayload, { description: 'Closes an alert by hand. Its cause may raise another.' })
  async resolveAlert(@Arg('input', () => ResolveAlertInput) input: ResolveAlertInput, @Ctx() ctx: GraphContext): Promise<ResolveAlertPayload> {
    ctx.viewer.must('alerts:write');
    const alertId = parseId('alr', input.alertId);
    const result = await resolveAlert(ctx, alertId);
    if (result.kind === 'refused') return { alert: null, userErrors: [toUserError(BRIDGE_ERRORS, result, ctx.language)] };
    return { alert: (await alertById(ctx).load(alertId)) as unknown as AlertType | null, userErrors: [] };
  }
}
