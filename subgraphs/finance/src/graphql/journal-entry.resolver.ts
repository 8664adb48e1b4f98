import { journalEntryPosted, type EventOf } from '@quanyu/events';
import { parseId } from '@quanyu/ids';
import { Connection, follow, PageArgs, parsePage, ProductError, toMoneyType, type GraphContext, type Page } from '@quanyu/subgraph';
import { Arg, Args, Ctx, FieldResolver, Query, Resolver, Root, Subscription } from 'type-graphql';
import { isAccountCode } from '../domain/chart-of-accounts.js';
import { entryById, entryPage, linesByEntry } from '../queries/journal-entries.js';
import { JournalEntryFilter, JournalEntryType, OrderStub, PostingType } from './journal-entry.type.js';

const JournalEntryConnection = Connection(JournalEntryType, 'JournalEntry');

type Posted = EventOf<typeof journalEntryPosted>;

/** The codes as a set; a code that no account has would wait for ever. */
function codeSet(codes: readonly string[]): ReadonlySet<string> {
  const unknown = codes.find((code) => !isAccountCode(code));
  if (unknown !== undefined) throw new ProductError('INPUT_INVALID', 'accountCodes');
  return new Set(codes);
}

@Resolver(() => JournalEntryType)
export class JournalEntryResolver {
  @Query(() => JournalEntryConnection, { description: 'Entries, newest first.' })
  journalEntries(
    @Ctx() ctx: GraphContext, @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => JournalEntryFilter, { nullable: true }) filter?: JournalEntryFilter | null,
  ): Promise<Page<JournalEntryType>> {
    ctx.viewer.must('finance:read');
    const orderId = filter?.orderId;
    return entryPage(ctx, { orderId: orderId ? parseId('ord', orderId) : null }, parsePage(page, 'jrn'));
  }

  @Subscription(() => JournalEntryType, {
    description: 'Entries as they are posted, the newest 20 first; or only those on some accounts.',
    subscribe: follow<{ accountCodes?: string[] }>(({ accountCodes }, ctx) => {
      ctx.viewer.must('finance:read');
      const wanted = accountCodes && codeSet(accountCodes);
      return {
        types: [journalEntryPosted.type],
        match: ({ data }) => {
          const { connectionId, postings } = data as Posted['data'];
          return ctx.viewer.seesChannel(connectionId) && (wanted === undefined || postings.some(({ accountCode }) => wanted.has(accountCode)));
        },
        current: async () => {
          if (wanted !== undefined) return [];
          const { nodes } = await entryPage(ctx, { orderId: null }, parsePage({}));
          return nodes.map(({ id }) => ({ entryId: id })).reverse();
        },
      };
    }),
  })
  journalEntryPosted(@Root() event: Posted, @Ctx() ctx: GraphContext, @Arg('accountCodes', () => [String], { nullable: true }) _accountCodes?: string[]): Promise<JournalEntryType | null> {
    return entryById(ctx).load(event.data.entryId);
  }

  @FieldResolver(() => OrderStub)
  order(@Root() entry: JournalEntryType): OrderStub {
    return { id: entry.orderId };
  }

  @FieldResolver(() => JournalEntryType, { nullable: true, description: 'The entry that this one undoes.' })
  async reverses(@Root() entry: JournalEntryType, @Ctx() ctx: GraphContext): Promise<JournalEntryType | null> {
    return entry.reversesEntryId ? entryById(ctx).load(entry.reversesEntryId) : null;
  }

  @FieldResolver(() => [PostingType], { description: 'Two or more; debits and credits are equal.' })
  async postings(@Root() entry: JournalEntryType, @Ctx() ctx: GraphContext): Promise<PostingType[]> {
    const lines = await linesByEntry(ctx).load(entry.id);
    return lines.map(({ account, amountMinor }) => ({
      account,
      debit: amountMinor > 0 ? toMoneyType(amountMinor, account.currency) : null,
      credit: amountMinor < 0 ? toMoneyType(-amountMinor, account.currency) : null,
    }));
  }
}
