import { parseId } from '@quanyu/ids';
import { fromMoneyInput, toUserError, type GraphContext, type Refusal, type UserErrorShape } from '@quanyu/subgraph';
import { Arg, Ctx, FieldResolver, ID, Mutation, Resolver, Root } from 'type-graphql';
import { beginSecondFactor, confirmSecondFactor, removeSecondFactor, renewRecoveryCodes, resetSecondFactor, type Codes } from '../commands/second-factor.js';
import { stepUp } from '../commands/step-up.js';
import { ACCESS_ERRORS, type AccessErrorCode } from '../errors.js';
import { secondFactorOf } from '../queries/second-factor.js';
import { BeginSecondFactorPayload, RecoveryCodesPayload, SecondFactorPayload, SecondFactorType, StepUpInput, StepUpPayload } from './second-factor.type.js';
import { ViewerType } from './viewer.type.js';

const errorsOf = (refusal: Refusal<AccessErrorCode>, ctx: GraphContext): UserErrorShape[] => [toUserError(ACCESS_ERRORS, refusal, ctx.language)];
const codesOf = (result: Codes, ctx: GraphContext): RecoveryCodesPayload =>
  (result.kind === 'refused' ? { recoveryCodes: [], userErrors: errorsOf(result, ctx) } : { recoveryCodes: result.recoveryCodes, userErrors: [] });

@Resolver(() => ViewerType)
export class SecondFactorResolver {
  @FieldResolver(() => SecondFactorType, { nullable: true, description: 'Your second factor; null while you have none.' })
  secondFactor(@Root() viewer: ViewerType, @Ctx() ctx: GraphContext): Promise<SecondFactorType | null> | null {
    return viewer.kind === 'staff' ? secondFactorOf(ctx, viewer.id) : null;
  }

  @Mutation(() => BeginSecondFactorPayload, { description: 'Gives a secret for a device that makes codes. It counts once `confirmSecondFactor` got a code of it.' })
  async beginSecondFactor(@Ctx() ctx: GraphContext): Promise<BeginSecondFactorPayload> {
    ctx.viewer.must('account:write');
    const result = await beginSecondFactor(ctx);
    return result.kind === 'refused' ? { secret: null, otpauthUri: null, userErrors: errorsOf(result, ctx) } : { ...result, userErrors: [] };
  }

  @Mutation(() => RecoveryCodesPayload, { description: 'Switches the second factor on with a code of the device.' })
  async confirmSecondFactor(@Arg('code') code: string, @Ctx() ctx: GraphContext): Promise<RecoveryCodesPayload> {
    ctx.viewer.must('account:write');
    return codesOf(await confirmSecondFactor(ctx, { code }), ctx);
  }

  @Mutation(() => RecoveryCodesPayload, { description: 'Gives new recovery codes; the old ones are good no more.' })
  async renewRecoveryCodes(@Arg('code') code: string, @Ctx() ctx: GraphContext): Promise<RecoveryCodesPayload> {
    ctx.viewer.must('account:write');
    return codesOf(await renewRecoveryCodes(ctx, { code }), ctx);
  }

  @Mutation(() => SecondFactorPayload, { description: 'Takes your second factor away.' })
  async removeSecondFactor(@Arg('code') code: string, @Ctx() ctx: GraphContext): Promise<SecondFactorPayload> {
    ctx.viewer.must('account:write');
    const result = await removeSecondFactor(ctx, { code });
    return result.kind === 'refused' ? { removed: false, userErrors: errorsOf(result, ctx) } : { removed: true, userErrors: [] };
  }

  @Mutation(() => SecondFactorPayload, { description: 'For a colleague who has lost device and recovery codes: they begin anew. Never for yourself.' })
  async resetSecondFactor(@Arg('staffId', () => ID) staffId: string, @Ctx() ctx: GraphContext): Promise<SecondFactorPayload> {
    ctx.viewer.must('access:write');
    const result = await resetSecondFactor(ctx, { staffId: parseId('stf', staffId) });
    return result.kind === 'refused' ? { removed: false, userErrors: errorsOf(result, ctx) } : { removed: true, userErrors: [] };
  }

  @Mutation(() => StepUpPayload, { description: 'Gives a token for one deed, for a code of your second factor.' })
  async stepUp(@Arg('input', () => StepUpInput) { amount, ...input }: StepUpInput, @Ctx() ctx: GraphContext): Promise<StepUpPayload> {
    ctx.viewer.must('account:write');
    const { amountMinor: minor, currency } = amount ? fromMoneyInput(amount) : { amountMinor: 0, currency: '' };
    const result = await stepUp(ctx, { ...input, amount: amount ? { minor, currency } : null });
    return result.kind === 'refused' ? { token: null, expiresAt: null, userErrors: errorsOf(result, ctx) } : { token: result.token, expiresAt: result.expiresAt, userErrors: [] };
  }
}
