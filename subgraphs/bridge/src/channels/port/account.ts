// Whose shop it is, and what opens it.

import type { Line } from '../../outbound/outbound.js';

/** A shop and what opens it. Secrets are in clear: never kept, never logged. */
export interface Account {
  readonly shopDomain: string | null;
  /** What an operator may see: an API version, a warehouse's id, a region. */
  readonly settings: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
}

/** What a person fills in to connect a shop. */
export interface AccountField {
  readonly name: string;
  readonly secret: boolean;
  /** Taken when nothing is filled in; required where there is none. */
  readonly standard?: string;
  readonly form: RegExp;
}

export interface ClientContext {
  readonly account: Account;
  readonly line: Line;
  now(): Date;
}

/** Secrets that take the place of those of the same names, and until when they are good. */
export interface Renewed { readonly secrets: Readonly<Record<string, string>>; readonly expiresAt: Date }
