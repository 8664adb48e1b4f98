import { sqlMigrations } from '@quanyu/database';
import { defineSubgraph } from '@quanyu/subgraph';
import { EarnRate } from './entities/earn-rate.entity.js';
import { Member, MemberIdentity } from './entities/member.entity.js';
import { Membership } from './entities/membership.entity.js';
import { PointsBalance, PointsLot } from './entities/points.entity.js';
import { consumers } from './events/consumers.js';
import { AddressBookResolver } from './graphql/address-book.resolver.js';
import { ChannelCustomerResolver, CustomersOfChannelResolver } from './graphql/channel-customer.resolver.js';
import { contract } from './graphql/contract.js';
import { EarnRateResolver } from './graphql/earn-rate.resolver.js';
import { MemberIdentityResolver, MemberResolver } from './graphql/member.resolver.js';
import { MembershipResolver } from './graphql/membership.resolver.js';
import { OrderMemberResolver } from './graphql/order-member.resolver.js';
import { PointsBalanceResolver, PointsLotResolver } from './graphql/points-balance.resolver.js';
import { SetEarnRateMutation } from './graphql/set-earn-rate.mutation.js';
import { calls } from './http/calls.js';
import { memberById } from './queries/members.js';

export const members = defineSubgraph({
  name: 'members',
  entities: [Member, MemberIdentity, Membership, PointsLot, PointsBalance, EarnRate],
  migrations: sqlMigrations(new URL('../migrations/', import.meta.url)),
  resolvers: [MemberResolver, AddressBookResolver, MemberIdentityResolver, PointsBalanceResolver, PointsLotResolver, OrderMemberResolver, MembershipResolver, CustomersOfChannelResolver, ChannelCustomerResolver, EarnRateResolver, SetEarnRateMutation],
  contract,
  references: {
    // An order is the room's of orders: any id is taken, and one that was not heard of has no member.
    Order: ({ id }) => ({ id }),
    // So is a channel: one that lists nobody has no customers.
    Channel: ({ id }) => ({ id }),
    Member: ({ id }, ctx) => {
      ctx.viewer.must('members:read');
      return memberById(ctx).load(String(id));
    },
  },
  consumers,
  calls,
});
