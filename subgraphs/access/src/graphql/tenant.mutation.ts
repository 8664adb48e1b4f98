import { parseId } from '@quanyu/ids';
import { DateTime, toUserError, type GraphContext, type Refusal, type UserErrorShape } from '@quanyu/subgraph';
import { Arg, Ctx, Field, ID, InputType, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import { changeTenant, deleteTenant, restoreTenant } from '../commands/change-tenant.js';
import { inviteTenantOwner } from '../commands/invite-tenant-owner.js';
import type { TenantRow } from '../entities/tenant.entity.js';
import { ACCESS_ERRORS, type AccessErrorCode } from '../errors.js';
import { tenantById } from '../queries/tenants.js';
import { AccessUserError } from './access-user-error.type.js';
import { TenantStatusEnum, TenantType } from './tenant.type.js';

@InputType({ description: 'What is left out stays as it is.' })
class ChangeTenantInput {
  @Field(() => ID) tenantId!: string;
  @Field(() => String, { nullable: true }) name?: string | null;
  @Field(() => TenantStatusEnum, { nullable: true }) status?: TenantRow['status'] | null;
  @Field(() => ID, { nullable: true }) packageId?: string | null;
  @Field(() => DateTime, { nullable: true, description: 'Null takes the end away.' }) expiresAt?: Date | null;
  @Field(() => Int, { nullable: true, description: 'Null takes the limit away.' }) accountLimit?: number | null;
  @Field(() => Int, { nullable: true, description: 'The version that you have seen; refused when it has changed.' }) expectedVersion?: number | null;
}

@InputType()
class DeleteTenantInput {
  @Field(() => ID) tenantId!: string;
  @Field({ description: 'Why; kept in its audit log.' }) reason!: string;
}

@InputType()
class RestoreTenantInput {
  @Field(() => ID) tenantId!: string;
}

@InputType()
class InviteTenantOwnerInput {
  @Field(() => ID) tenantId!: string;
  @Field({ description: 'Issuer of the tokens that they sign in with, as in the `iss` claim.' }) issuer!: string;
  @Field({ description: 'What the issuer calls them, as in the `sub` claim.' }) subject!: string;
  @Field() name!: string;
}

interface TenantPayload { tenant: TenantType | null; userErrors: UserErrorShape[] }

@ObjectType()
class ChangeTenantPayload implements TenantPayload {
  @Field(() => TenantType, { nullable: true }) tenant!: TenantType | null;
  @Field(() => [AccessUserError]) userErrors!: UserErrorShape[];
}

@ObjectType()
class DeleteTenantPayload implements TenantPayload {
  @Field(() => TenantType, { nullable: true }) tenant!: TenantType | null;
  @Field(() => [AccessUserError]) userErrors!: UserErrorShape[];
}

@ObjectType()
class RestoreTenantPayload implements TenantPayload {
  @Field(() => TenantType, { nullable: true }) tenant!: TenantType | null;
  @Field(() => [AccessUserError]) userErrors!: UserErrorShape[];
}

@ObjectType()
class InviteTenantOwnerPayload implements TenantPayload {
  @Field(() => TenantType, { nullable: true }) tenant!: TenantType | null;
  @Field(() => [AccessUserError]) userErrors!: UserErrorShape[];
}

/** Merchants of the house, changed by who runs it. */
@Resolver()
export class TenantMutations {
  @Mutation(() => ChangeTenantPayload, { description: 'Changes what a merchant has booked, and opens or shuts it. Its channels go on either way.' })
  async changeTenant(@Arg('input', () => ChangeTenantInput) input: ChangeTenantInput, @Ctx() ctx: GraphContext): Promise<ChangeTenantPayload> {
    ctx.viewer.must('tenants:write');
    const { name, status, packageId, expiresAt, accountLimit, expectedVersion } = input;
    const tenantId = parseId('ten', input.tenantId);
    return answer(ctx, tenantId, await changeTenant(ctx, { tenantId, name: name ?? undefined, status: status ?? undefined, packageId: packageId ?? undefined, expiresAt, accountLimit, expectedVersion: expectedVersion ?? null }));
  }

  @Mutation(() => DeleteTenantPayload, { description: 'Shuts a merchant for good: nobody of it is let in, and its channels are switched off. Nothing is taken away; `restoreTenant` takes it back.' })
  async deleteTenant(@Arg('input', () => DeleteTenantInput) input: DeleteTenantInput, @Ctx() ctx: GraphContext): Promise<DeleteTenantPayload> {
    ctx.viewer.must('tenants:write');
    const tenantId = parseId('ten', input.tenantId);
    return answer(ctx, tenantId, await deleteTenant(ctx, { tenantId, reason: input.reason }));
  }

  @Mutation(() => RestoreTenantPayload, { description: 'Takes a deletion back, and switches on the channels that went with it.' })
  async restoreTenant(@Arg('input', () => RestoreTenantInput) input: RestoreTenantInput, @Ctx() ctx: GraphContext): Promise<RestoreTenantPayload> {
    ctx.viewer.must('tenants:write');
    const tenantId = parseId('ten', input.tenantId);
    return answer(ctx, tenantId, await restoreTenant(ctx, { tenantId }));
  }

  @Mutation(() => InviteTenantOwnerPayload, { description: 'Lets an owner into a merchant, also one that has nobody yet. Nothing is sent to them: their next sign-in works.' })
  async inviteTenantOwner(@Arg('input', () => InviteTenantOwnerInput) input: InviteTenantOwnerInput, @Ctx() ctx: GraphContext): Promise<InviteTenantOwnerPayload> {
    ctx.viewer.must('tenants:write');
    const tenantId = parseId('ten', input.tenantId);
    return answer(ctx, tenantId, await inviteTenantOwner(ctx, { ...input, tenantId }));
  }
}

async function answer(ctx: GraphContext, tenantId: string, result: { readonly kind: string } | Refusal<AccessErrorCode>): Promise<TenantPayload> {
  if ('code' in result) return { tenant: null, userErrors: [toUserError(ACCESS_ERRORS, result, ctx.language)] };
  return { tenant: await tenantById(ctx).clear(tenantId).load(tenantId), userErrors: [] };
}
