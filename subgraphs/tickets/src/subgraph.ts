import { sqlMigrations } from '@quanyu/database';
import { defineSubgraph } from '@quanyu/subgraph';
import { KnownOrder } from './entities/known-order.entity.js';
import { Ticket } from './entities/ticket.entity.js';
import { consumers } from './events/consumers.js';
import { contract } from './graphql/contract.js';
import { CreateTicketMutation } from './graphql/create-ticket.mutation.js';
import { MoveTicketMutation } from './graphql/move-ticket.mutation.js';
import { OrderTicketsResolver } from './graphql/order-tickets.resolver.js';
import { TicketResolver } from './graphql/ticket.resolver.js';
import { ticketById } from './queries/tickets.js';

export const tickets = defineSubgraph({
  name: 'tickets',
  entities: [Ticket, KnownOrder],
  migrations: sqlMigrations(new URL('../migrations/', import.meta.url)),
  resolvers: [TicketResolver, OrderTicketsResolver, CreateTicketMutation, MoveTicketMutation],
  contract,
  references: {
    // An order is orders': any id is taken, and one without tickets has none.
    Order: ({ id }) => ({ id }),
    Ticket: ({ id }, ctx) => {
      ctx.viewer.must('tickets:read');
      return ticketById(ctx).load(String(id));
    },
  },
  consumers,
});
