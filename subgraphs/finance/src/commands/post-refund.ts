import type { EntityManager } from '@mikro-orm/postgresql';
import { postEntries, type NewEntry } from './post-entries.js';

export type RefundEntry = Omit<NewEntry, 'because' | 'reversesEntryId'> & { readonly kind: 'REFUND_PAID' | 'POINTS_TAKEN_BACK' | 'ORDER_AMENDED' | 'POINTS_ADDED' };

/** Books what follows from a refund or an edit, once for each event: the inbox lets it in once, and an event posts once. */
export async function postRefund(em: EntityManager, tenantId: string, entry: RefundEntry): Promise<void> {
  await postEntries(em, tenantId, [{ ...entry, reversesEntryId: null, because: (work) => work() }]);
}
