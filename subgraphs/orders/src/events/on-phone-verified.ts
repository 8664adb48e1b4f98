import { phoneVerified } from '@quanyu/events';
import { on, type ConsumeContext } from '@quanyu/outbox';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { bindGuestOrders } from '../commands/selling/bind-guest-orders.js';

export const onPhoneVerified = on(phoneVerified, ({ em, tenantId, deps }: ConsumeContext<SubgraphDeps>, { data }) => bindGuestOrders(em, deps.vault, tenantId, data));
