import type { Contract } from '@quanyu/subgraph';

/** What the fields of this room ask for. */
export const contract: Contract = {
  scopes: {
    'Query.members': 'members:read',
    'Query.member': 'members:read',
    'Channel.customers': 'members:read',
    'Query.earnRates': 'members:read',
    'Order.member': 'members:read',
    'Order.pointsEarned': 'members:read',
    'Mutation.grantMembership': 'members:write',
    'Mutation.endMembership': 'members:write',
    'Mutation.setEarnRate': 'members:write',
    'Subscription.pointsChanged': 'members:read',
    'Query.myAddresses': 'orders:buy',
    'Mutation.saveAddress': 'orders:buy',
    'Mutation.removeAddress': 'orders:buy',
  },
};
