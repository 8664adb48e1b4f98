/** One right of a viewer, `<room>:<verb>`. */
export type Scope = (typeof SCOPES)[number];

export const SCOPES = [
  'account:write', 'access:read', 'access:write', 'audit:read', 'tenants:read', 'tenants:write',
  'catalog:read', 'catalog:write',
  'inventory:read', 'inventory:write',
  'orders:read', 'orders:write', 'orders:pii', 'orders:print', 'orders:buy',
  'members:read', 'members:write', 'members:pii',
  'tickets:read', 'tickets:write',
  'finance:read', 'finance:write',
  'channels:read', 'channels:write',
  'alerts:read', 'alerts:write',
] as const;

/** What an owner may do besides who runs the house: all other merchants on it are theirs to open and shut. No role gives it. */
export const HOUSE_SCOPES = ['tenants:read', 'tenants:write'] as const satisfies readonly Scope[];

/** The roles a staff member can hold, and what each may do; `account:write` is one's own second factor. Channels are granted apart from this, per person. */
export const ROLES = {
  OWNER: SCOPES.filter((scope) => !HOUSE_SCOPES.some((house) => house === scope)),
  OPERATOR: [
    'account:write', 'catalog:read', 'catalog:write', 'inventory:read', 'inventory:write', 'orders:read', 'orders:write', 'orders:print', 'orders:buy',
    'members:read', 'tickets:read', 'tickets:write', 'channels:read', 'alerts:read', 'alerts:write',
  ],
  SERVICE_AGENT: ['account:write', 'catalog:read', 'inventory:read', 'orders:read', 'members:read', 'tickets:read', 'tickets:write', 'channels:read'],
  FINANCE: ['account:write', 'catalog:read', 'orders:read', 'members:read', 'finance:read', 'finance:write', 'channels:read', 'audit:read'],
  READER: ['account:write', 'catalog:read', 'inventory:read', 'orders:read', 'channels:read', 'alerts:read'],
} as const satisfies Record<string, readonly Scope[]>;

/** Name of a role in {@link ROLES}. */
export type RoleName = keyof typeof ROLES;

const KNOWN: ReadonlySet<string> = new Set(SCOPES);

/** Tells whether a text names a scope, for input that came from outside. */
export const isScope = (value: string): value is Scope => KNOWN.has(value);
