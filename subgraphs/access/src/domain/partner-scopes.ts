// A partner key may work with goods, orders and service; never with people's clear data, staff, keys or the audit log.

/** What a partner key can be given. */
export const PARTNER_SCOPES = [
  'catalog:read', 'catalog:write', 'inventory:read', 'inventory:write', 'orders:read', 'orders:write',
  'members:read', 'tickets:read', 'tickets:write', 'finance:read', 'channels:read', 'alerts:read',
] as const;

/** What a key gets that comes with a new tenant: enough to look around. */
export const FIRST_KEY_SCOPES = ['catalog:read', 'inventory:read', 'orders:read', 'channels:read'] as const;

const GRANTABLE: ReadonlySet<string> = new Set(PARTNER_SCOPES);

/** Place of the first scope that no partner may have; -1 when all may be granted. */
export const firstUngrantable = (scopes: readonly string[]): number => scopes.findIndex((scope) => !GRANTABLE.has(scope));
