import { orderEdited } from '@quanyu/events';
import { on, type ConsumeContext } from '@quanyu/outbox';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { releaseUnits } from '../commands/holds/follow-order.js';

export const onOrderEdited = on(orderEdited, ({ tenantId, deps }: ConsumeContext<SubgraphDeps>, { data }) =>
  releaseUnits(deps.database, tenantId, { reference: data.editId, released: data.released }));
