import type { Contract } from '@quanyu/subgraph';

/** What the fields of this room ask for. */
export const contract: Contract = {
  scopes: {
    'Query.accounts': 'finance:read',
    'Query.trialBalance': 'finance:read',
    'Query.journalEntries': 'finance:read',
    'Order.journalEntries': 'finance:read',
    'Subscription.journalEntryPosted': 'finance:read',
  },
};
