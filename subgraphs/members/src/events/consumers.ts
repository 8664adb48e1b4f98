import { onChannelCustomerTold } from './on-channel-customer-told.js';
import { onOrderAmended } from './on-order-amended.js';
import { onOrderBound } from './on-order-bound.js';
import { onOrderCancelled } from './on-order-cancelled.js';
import { onOrderConfirmed } from './on-order-confirmed.js';
import { onOrderPlaced } from './on-order-placed.js';
import { onRefundPaid } from './on-refund-paid.js';
import { onTenantCreated } from './on-tenant-created.js';

export const consumers = [onTenantCreated, onChannelCustomerTold, onOrderPlaced, onOrderConfirmed, onOrderAmended, onOrderBound, onOrderCancelled, onRefundPaid];
