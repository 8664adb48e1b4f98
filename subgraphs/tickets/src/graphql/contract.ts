import type { Contract } from '@quanyu/subgraph';

/** What the fields of this room ask for. */
export const contract: Contract = {
  scopes: {
    'Query.tickets': 'tickets:read',
    'Query.ticket': 'tickets:read',
    'Order.tickets': 'tickets:read',
    'Mutation.createTicket': 'tickets:write',
    'Mutation.moveTicket': 'tickets:write',
  },
};
