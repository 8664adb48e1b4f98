import { parseId } from '@quanyu/ids';
import { toUserError, type GraphContext, type UserErrorShape } from '@quanyu/subgraph';
import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import { revokePartnerKey } from '../commands/revoke-partner-key.js';
import { ACCESS_ERRORS } from '../errors.js';
import { partnerKeyById } from '../queries/partner-keys.js';
import { AccessUserError } from './access-user-error.type.js';
import { PartnerKeyType } from './partner-key.type.js';

@InputType()
class RevokePartnerKeyInput {
  @Field(() => ID) keyId!: string;
}

@ObjectType()
class RevokePartnerKeyPayload {
  @Field(() => PartnerKeyType, { nullable: true }) partnerKey!: PartnerKeyType | null;
  @Field(() => [AccessUserError]) userErrors!: UserErrorShape[];
}

@Resolver()
export class RevokePartnerKeyMutation {
  @Mutation(() => RevokePartnerKeyPayload, { description: 'Ends a key for good.' })
  async revokePartnerKey(@Arg('input', () => RevokePartnerKeyInput) input: RevokePartnerKeyInput, @Ctx() ctx: GraphContext): Promise<RevokePartnerKeyPayload> {
    ctx.viewer.must('access:write');
    const keyId = parseId('key', input.keyId);
    const result = await revokePartnerKey(ctx, { keyId });
    if (result.kind === 'refused') return { partnerKey: null, userErrors: [toUserError(ACCESS_ERRORS, result, ctx.language)] };
    return { partnerKey: (await partnerKeyById(ctx).clear(keyId).load(keyId)) as PartnerKeyType | null, userErrors: [] };
  }
}
