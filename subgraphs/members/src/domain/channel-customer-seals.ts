// What is sealed of a channel's customer opens only in its own row.

interface Seal { readonly tenantId: string; readonly row: string; readonly field: string }

export const profileSeal = (tenantId: string, customerId: string): Seal => ({ tenantId, row: customerId, field: 'profile' });
export const addressSeal = (tenantId: string, customerId: string, externalAddressId: string): Seal => ({ tenantId, row: `${customerId}/${externalAddressId}`, field: 'address' });
