import { parseId } from '@quanyu/ids';
import { toUserError, type GraphContext, type Refusal, type UserErrorShape } from '@quanyu/subgraph';
import { Arg, Ctx, Field, FieldResolver, ID, InputType, Mutation, ObjectType, Query, Resolver, Root } from 'type-graphql';
import { removeAddress, saveAddress } from '../commands/address-book.js';
import { MEMBERS_ERRORS, type MembersErrorCode } from '../errors.js';
import { addressesOf } from '../queries/addresses.js';
import { MembersUserError } from './members-user-error.type.js';
import { MemberType } from './member.type.js';

@ObjectType({ description: 'Where a member has parcels sent to, masked. Send its id with `placeOrder`.' })
class MemberAddress {
  @Field(() => ID) id!: string;
  @Field({ description: 'What the member calls it.' }) label!: string;
  @Field() isDefault!: boolean;
  @Field() name!: string;
  @Field() phone!: string;
  @Field() addressLine!: string;
  @Field(() => String, { nullable: true }) city!: string | null;
  @Field(() => String, { nullable: true }) province!: string | null;
  @Field(() => String, { nullable: true }) postalCode!: string | null;
  @Field() countryCode!: string;
}

@InputType()
class SaveAddressInput {
  @Field(() => ID, { nullable: true, description: 'The address that it takes the place of; not given: a new one.' }) addressId?: string | null;
  @Field({ defaultValue: '' }) label!: string;
  @Field() name!: string;
  @Field({ description: 'With country code, or in the spelling of the country.' }) phone!: string;
  @Field({ description: 'Street and house.' }) address1!: string;
  @Field(() => String, { nullable: true }) address2?: string | null;
  @Field(() => String, { nullable: true }) city?: string | null;
  @Field(() => String, { nullable: true }) province?: string | null;
  @Field(() => String, { nullable: true }) postalCode?: string | null;
  @Field({ description: 'ISO 3166, two letters.' }) countryCode!: string;
  @Field({ defaultValue: false }) isDefault!: boolean;
  @Field({ description: 'The same key again answers the first result.' }) idempotencyKey!: string;
}

@ObjectType()
class AddressBookPayload {
  @Field(() => [MemberAddress], { description: 'The whole book, the default first.' }) addresses!: readonly MemberAddress[];
  @Field(() => [MembersUserError]) userErrors!: UserErrorShape[];
}

@Resolver(() => MemberType)
export class AddressBookResolver {
  @Query(() => [MemberAddress], { description: 'For members: where you have parcels sent to, 50 at most.' })
  myAddresses(@Ctx() ctx: GraphContext): Promise<readonly MemberAddress[]> {
    ctx.viewer.must('orders:buy');
    return ctx.viewer.kind === 'member' ? addressesOf(ctx, ctx.viewer.subjectId) : Promise.resolve([]);
  }

  @FieldResolver(() => [MemberAddress], { description: 'Masked.' })
  addresses(@Root() { id }: MemberType, @Ctx() ctx: GraphContext): Promise<readonly MemberAddress[]> {
    return addressesOf(ctx, id);
  }

  @Mutation(() => AddressBookPayload, { description: 'Keeps an address of yours, sealed.' })
  async saveAddress(@Arg('input', () => SaveAddressInput) { addressId, label, isDefault, idempotencyKey, ...told }: SaveAddressInput, @Ctx() ctx: GraphContext): Promise<AddressBookPayload> {
    ctx.viewer.must('orders:buy');
    const address = { ...told, address2: told.address2 ?? null, city: told.city ?? null, province: told.province ?? null, postalCode: told.postalCode ?? null };
    return bookOf(ctx, await saveAddress(ctx, { addressId: addressId ? parseId('adr', addressId) : null, label, isDefault, idempotencyKey, address }));
  }

  @Mutation(() => AddressBookPayload, { description: 'Forgets an address of yours; orders that were placed with it keep theirs.' })
  async removeAddress(@Arg('addressId', () => ID) addressId: string, @Ctx() ctx: GraphContext): Promise<AddressBookPayload> {
    ctx.viewer.must('orders:buy');
    return bookOf(ctx, await removeAddress(ctx, { addressId: parseId('adr', addressId) }));
  }
}

const bookOf = async (ctx: GraphContext, result: { readonly kind: string } | Refusal<MembersErrorCode>): Promise<AddressBookPayload> =>
  ('code' in result ? { addresses: [], userErrors: [toUserError(MEMBERS_ERRORS, result, ctx.language)] } : { addresses: await addressesOf(ctx, ctx.viewer.subjectId), userErrors: [] });
