import { outsideOrderAcknowledged } from '@quanyu/events';
import { on } from '@quanyu/outbox';
import { acknowledgeOutsideOrder } from '../commands/holds/outside-orders.js';

export const onOutsideOrderAcknowledged = on(outsideOrderAcknowledged, ({ em, tenantId }, { data }) => acknowledgeOutsideOrder(em, { tenantId, ...data }));
