import { AccessError } from './errors.js';
import type { Scope } from './scope.js';

/** What is known of the one who asks; plain data, so that it can cross a process border. */
export interface ViewerClaims {
  readonly kind: 'staff' | 'member' | 'partner' | 'service' | 'anonymous';
  /** null only for anonymous viewers and for services that work across tenants. */
  readonly tenantId: string | null;
  readonly subjectId: string;
  readonly scopes: readonly Scope[];
  /** Channel ids whose orders and deliveries may be seen, or all of the tenant's. */
  readonly channels: 'all' | readonly string[];
  readonly name?: string;
}

/** The one who asks: identity, tenant, scopes, channels. Immutable. */
export class Viewer {
  static readonly anonymous = new Viewer({ kind: 'anonymous', tenantId: null, subjectId: 'anonymous', scopes: [], channels: [] });

  readonly #scopes: ReadonlySet<Scope>;
  readonly #channels: ReadonlySet<string> | 'all';
  /** The same text for two viewers exactly when they may see the same things: executions are shared by it. */
  readonly rightsKey: string;

  constructor(readonly claims: ViewerClaims) {
    this.#scopes = new Set(claims.scopes);
    this.#channels = claims.channels === 'all' ? 'all' : new Set(claims.channels);
    // A member sees rows of their own, so the person is part of the right.
    const person = claims.kind === 'member' ? claims.subjectId : '';
    const channels = claims.channels === 'all' ? ['all'] : [...claims.channels].sort();
    this.rightsKey = JSON.stringify([claims.kind, claims.tenantId, person, [...claims.scopes].sort(), channels]);
  }

  get kind(): ViewerClaims['kind'] { return this.claims.kind; }
  get subjectId(): string { return this.claims.subjectId; }
  get channels(): 'all' | readonly string[] { return this.claims.channels; }

  /** The tenant whose rows are meant; throws UNAUTHENTICATED where there is none. */
  get tenantId(): string {
    if (this.claims.tenantId === null) throw new AccessError('UNAUTHENTICATED');
    return this.claims.tenantId;
  }

  can(scope: Scope): boolean { return this.#scopes.has(scope); }

  /** Throws UNAUTHENTICATED for strangers, FORBIDDEN when the scope is missing. */
  must(scope: Scope): void {
    if (this.claims.kind === 'anonymous') throw new AccessError('UNAUTHENTICATED', scope);
    if (!this.#scopes.has(scope)) throw new AccessError('FORBIDDEN', scope);
  }

  seesChannel(channelId: string): boolean { return this.#channels === 'all' || this.#channels.has(channelId); }
}
