import { channelCustomerTold } from '@quanyu/events';
import { on, type ConsumeContext } from '@quanyu/outbox';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { keepChannelCustomer } from '../commands/keep-channel-customer.js';

export const onChannelCustomerTold = on(channelCustomerTold, ({ em, tenantId, deps }: ConsumeContext<SubgraphDeps>, { data }) => keepChannelCustomer(em, deps.vault, tenantId, data));
