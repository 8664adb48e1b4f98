import type { SealContext } from '@quanyu/pii';

// What is sealed opens only in its own row: one place that says which.
export const secretSeal = (tenantId: string, connectionId: string): SealContext => ({ tenantId, row: connectionId, field: 'webhook-secret' });
export const bodySeal = (tenantId: string, deliveryId: string): SealContext => ({ tenantId, row: deliveryId, field: 'delivery-body' });
export const accountSeal = (tenantId: string, connectionId: string): SealContext => ({ tenantId, row: connectionId, field: 'account' });
export const billSeal = (tenantId: string, billId: string): SealContext => ({ tenantId, row: billId, field: 'bill' });
export const endpointSeal = (tenantId: string, endpointId: string): SealContext => ({ tenantId, row: endpointId, field: 'webhook-endpoint' });
