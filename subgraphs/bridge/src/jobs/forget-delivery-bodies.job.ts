import { defineJob, type JobDefinition } from '@quanyu/jobs';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { z } from 'zod';
import { forgetBodies } from '../commands/deliveries/forget-bodies.js';

export const forgetDeliveryBodiesJob = ({ database }: SubgraphDeps): JobDefinition<object> => defineJob({
  name: 'bridge.forget-delivery-bodies',
  payload: z.object({}),
  run: async () => { await forgetBodies(database); },
});
