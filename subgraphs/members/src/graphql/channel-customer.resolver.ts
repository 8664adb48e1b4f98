import { Connection, DateTime, MoneyType, PageArgs, parsePage, toMoneyType, type GraphContext, type Page } from '@quanyu/subgraph';
import { Args, Ctx, Field, FieldResolver, ID, Int, ObjectType, Resolver, Root } from 'type-graphql';
import { channelCustomerPage, customerAddresses, maskedCustomer, memberOfCustomer, type MaskedCustomerAddress } from '../queries/channel-customers.js';
import { memberById } from '../queries/members.js';
import { ChannelStub, MemberType } from './member.type.js';

@ObjectType('ChannelCustomerAddress', { description: 'Where parcels of a customer go; name, phone and street are masked.' })
class ChannelCustomerAddressType {
  @Field({ description: "The channel's own id of it." }) externalAddressId!: string;
  @Field() isDefault!: boolean;
  @Field(() => String, { nullable: true }) name!: string | null;
  @Field(() => String, { nullable: true }) phone!: string | null;
  @Field(() => String, { nullable: true }) addressLine!: string | null;
  @Field(() => String, { nullable: true }) city!: string | null;
  @Field(() => String, { nullable: true }) province!: string | null;
  @Field(() => String, { nullable: true }) countryCode!: string | null;
}

@ObjectType('ChannelCustomer', { description: 'Somebody with an account with a channel, as the channel knows them. Whoever has bought is a member, too.' })
class ChannelCustomerType {
  @Field(() => ID) id!: string;
  @Field({ description: "The channel's own id of them." }) externalCustomerId!: string;
  @Field(() => Int, { nullable: true, description: 'As the channel counts.' }) ordersCount!: number | null;
  @Field(() => String, { nullable: true, description: "The channel's own word: `enabled`, `disabled`." }) state!: string | null;
  @Field(() => DateTime, { description: "Of the last change, by the channel's clock." }) changedAt!: Date;
  connectionId!: string;
  sealedProfile!: string | null;
  currency!: string | null;
  spentMinor!: number | null;
}

const ChannelCustomerConnection = Connection(ChannelCustomerType, 'ChannelCustomer');

@Resolver(() => ChannelStub)
export class CustomersOfChannelResolver {
  @FieldResolver(() => ChannelCustomerConnection, { description: 'Who has an account with it, as it lists them.' })
  customers(@Root() channel: ChannelStub, @Ctx() ctx: GraphContext, @Args(() => PageArgs) page: PageArgs): Promise<Page<ChannelCustomerType>> {
    ctx.viewer.must('members:read');
    return channelCustomerPage(ctx, ctx.viewer.seesChannel(channel.id) ? channel.id : '', parsePage(page, 'cus'));
  }
}

@Resolver(() => ChannelCustomerType)
export class ChannelCustomerResolver {
  @FieldResolver(() => ChannelStub)
  channel(@Root() customer: ChannelCustomerType): ChannelStub {
    return { id: customer.connectionId };
  }

  @FieldResolver(() => String, { nullable: true, description: 'Such as `张**`.' })
  maskedName(@Root() customer: ChannelCustomerType, @Ctx() ctx: GraphContext): string | null {
    return maskedCustomer(ctx, customer).name;
  }

  @FieldResolver(() => String, { nullable: true, description: 'Such as `138****1234`.' })
  maskedPhone(@Root() customer: ChannelCustomerType, @Ctx() ctx: GraphContext): string | null {
    return maskedCustomer(ctx, customer).phone;
  }

  @FieldResolver(() => String, { nullable: true, description: 'Such as `b***@example.com`.' })
  maskedEmail(@Root() customer: ChannelCustomerType, @Ctx() ctx: GraphContext): string | null {
    return maskedCustomer(ctx, customer).email;
  }

  @FieldResolver(() => MoneyType, { nullable: true, description: 'What they have spent there, where the channel tells it.' })
  spent(@Root() { currency, spentMinor }: ChannelCustomerType): MoneyType | null {
    return currency === null || spentMinor === null ? null : toMoneyType(spentMinor, currency);
  }

  @FieldResolver(() => [ChannelCustomerAddressType])
  addresses(@Root() customer: ChannelCustomerType, @Ctx() ctx: GraphContext): Promise<readonly MaskedCustomerAddress[]> {
    return customerAddresses(ctx, customer.id);
  }

  @FieldResolver(() => MemberType, { nullable: true, description: 'The member that they are; null for who has not bought yet.' })
  async member(@Root() customer: ChannelCustomerType, @Ctx() ctx: GraphContext): Promise<MemberType | null> {
    const id = await memberOfCustomer(ctx).load(`${customer.connectionId} ${customer.externalCustomerId}`);
    return id === null ? null : memberById(ctx).load(id);
  }
}
