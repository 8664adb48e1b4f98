import { defineJob, type JobDefinition } from '@quanyu/jobs';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { z } from 'zod';
import { checkDocuments } from '../commands/messages/partner-document.js';

/** Holds partners' documents against the graph as it is now. */
export const checkDocumentsJob = (deps: SubgraphDeps): JobDefinition<object> => defineJob({
  name: 'bridge.check-documents',
  payload: z.object({}),
  run: () => checkDocuments(deps),
});
