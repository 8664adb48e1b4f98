import type { EntityManager } from '@mikro-orm/postgresql';
import type { Id } from '@quanyu/ids';
import { reversalOf, type Fact } from '../domain/facts.js';
import { reversed, type Line } from '../domain/line.js';
import { JournalEntry } from '../entities/journal-entry.entity.js';
import { postEntries } from './post-entries.js';

/** Writes the entry that undoes another and names it; what is undone is what was posted, not what would be today. */
export async function postReversal(em: EntityManager, { tenantId, entryId, sourceEventId }: { readonly tenantId: string; readonly entryId: Id<'jrn'>; readonly sourceEventId: string }): Promise<void> {
  const original = await em.findOneOrFail(JournalEntry, { tenantId, id: entryId }, { disableIdentityMap: true });
  const postings = await em.execute<{ account: Line['account']; amount: string }[]>(
    'select a.code as account, p.amount_minor as amount from posting p join account a on a.id = p.account_id where p.entry_id = ? order by p.position', [entryId]);
  await postEntries(em, tenantId, [{
    sourceEventId, orderId: original.orderId, connectionId: original.connectionId, currency: original.currency,
    kind: reversalOf(original.kind as Fact),
    reversesEntryId: entryId,
    lines: reversed(postings.map(({ account, amount }) => ({ account, amountMinor: Number(amount) }))),
    because: (work) => work(),
  }]);
}
