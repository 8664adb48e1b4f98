import { defineJob, type JobDefinition } from '@quanyu/jobs';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { z } from 'zod';
import type { Ways } from '../commands/messages/message-ways.js';
import { sendMessage } from '../commands/messages/send-message.js';
import type { Shops } from '../outbound/shops.js';
import { dueMessages, type MessageRef } from '../queries/due-messages.js';

/** Sends one message to a partner or a room. */
export const sendMessageJob = (deps: SubgraphDeps, shops: Shops, ways: Ways): JobDefinition<MessageRef> => defineJob({
  name: 'bridge.send-message',
  payload: z.object({ tenantId: z.string(), messageId: z.string() }),
  // The row keeps its own tries and its next time.
  attempts: 1,
  due: async function* () {
    yield (await dueMessages(deps.database)).map((ref) => ({ payload: ref, jobId: ref.messageId }));
  },
  run: (ref) => sendMessage(deps, shops, ref, ways),
});
