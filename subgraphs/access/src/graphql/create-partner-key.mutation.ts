import { parseId } from '@quanyu/ids';
import { toUserError, type GraphContext, type UserErrorShape } from '@quanyu/subgraph';
import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import { createPartnerKey } from '../commands/create-partner-key.js';
import { ACCESS_ERRORS } from '../errors.js';
import { partnerKeyById } from '../queries/partner-keys.js';
import { AccessUserError } from './access-user-error.type.js';
import { PartnerKeyType } from './partner-key.type.js';

@InputType()
class CreatePartnerKeyInput {
  @Field({ description: 'What people call it.' }) name!: string;
  @Field(() => [String], { description: 'What it may do, such as `orders:read`; staff, keys, the audit log and clear personal data are not for partners.' }) scopes!: string[];
  @Field(() => [ID], { defaultValue: [] }) channelIds!: string[];
  @Field({ defaultValue: false }) allChannels!: boolean;
  @Field({ description: 'The same key again answers the first result, without `clearKey`.' }) idempotencyKey!: string;
}

@ObjectType()
class CreatePartnerKeyPayload {
  @Field(() => PartnerKeyType, { nullable: true }) partnerKey!: PartnerKeyType | null;
  @Field(() => String, { nullable: true, description: 'The key itself, shown only now: it is not kept.' }) clearKey!: string | null;
  @Field(() => [AccessUserError]) userErrors!: UserErrorShape[];
}

@Resolver()
export class CreatePartnerKeyMutation {
  @Mutation(() => CreatePartnerKeyPayload)
  async createPartnerKey(@Arg('input', () => CreatePartnerKeyInput) input: CreatePartnerKeyInput, @Ctx() ctx: GraphContext): Promise<CreatePartnerKeyPayload> {
    ctx.viewer.must('access:write');
    const result = await createPartnerKey(ctx, { ...input, channelIds: input.channelIds.map((id) => parseId('con', id)) });
    if (result.kind === 'refused') return { partnerKey: null, clearKey: null, userErrors: [toUserError(ACCESS_ERRORS, result, ctx.language)] };
    return { partnerKey: (await partnerKeyById(ctx).load(result.keyId)) as PartnerKeyType | null, clearKey: result.clearKey, userErrors: [] };
  }
}
