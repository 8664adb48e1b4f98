import { defineJob, type JobDefinition } from '@quanyu/jobs';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { z } from 'zod';
import { sendBuyerMail } from '../commands/messages/send-buyer-mail.js';
import type { Mailer } from '../outbound/mailer.js';
import { dueBuyerMails, type MailRef } from '../queries/due-buyer-mails.js';

/** Writes to one buyer. */
export const sendBuyerMailJob = (deps: SubgraphDeps, mailer: Mailer | null): JobDefinition<MailRef> => defineJob({
  name: 'bridge.send-buyer-mail',
  payload: z.object({ tenantId: z.string(), mailId: z.string() }),
  // The row keeps its own tries and its next time.
  attempts: 1,
  due: async function* () {
    yield (await dueBuyerMails(deps.database)).map((ref) => ({ payload: ref, jobId: ref.mailId }));
  },
  run: (ref) => sendBuyerMail(deps, mailer, ref),
});
