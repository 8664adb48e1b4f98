import { sqlMigrations } from '@quanyu/database';
import { defineSubgraph } from '@quanyu/subgraph';
import { Account } from './entities/account.entity.js';
import { JournalEntry, OrderPostingState } from './entities/journal-entry.entity.js';
import { consumers } from './events/consumers.js';
import { AccountResolver } from './graphql/account.resolver.js';
import { contract } from './graphql/contract.js';
import { JournalEntryResolver } from './graphql/journal-entry.resolver.js';
import { OrderEntriesResolver } from './graphql/order-entries.resolver.js';
import { entryById } from './queries/journal-entries.js';

export const finance = defineSubgraph({
  name: 'finance',
  entities: [Account, JournalEntry, OrderPostingState],
  migrations: sqlMigrations(new URL('../migrations/', import.meta.url)),
  resolvers: [JournalEntryResolver, AccountResolver, OrderEntriesResolver],
  contract,
  references: {
    // An order is the room's of orders: any id is taken, and one without entries has an empty list.
    Order: ({ id }) => ({ id }),
    JournalEntry: ({ id }, ctx) => {
      ctx.viewer.must('finance:read');
      return entryById(ctx).load(String(id));
    },
  },
  consumers,
});
