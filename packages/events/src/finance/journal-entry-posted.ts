import { z } from 'zod';
import { defineEvent } from '../define-event.js';
import { currency, id, minor } from '../fields.js';

export const journalEntryPosted = defineEvent(
  'finance.journal-entry-posted.v1',
  { summary: 'A balanced entry is in the ledger.', subject: (data) => data.entryId },
  z.object({
    entryId: id, sourceEventId: id, orderId: id.nullable(), currency,
    /** The channel whose money it is: who may not see it may not see the entry either. */
    connectionId: id,
    /** Debits are positive, credits negative; they sum to zero. */
    postings: z.array(z.object({ accountCode: z.string(), amountMinor: minor })),
  }),
);
