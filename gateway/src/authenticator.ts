import { createHash } from 'node:crypto';
import { TokenError, verifyIdentity, Viewer, type TrustedIssuer, type VerifiedToken, type ViewerClaims } from '@quanyu/viewer';
import { BoundedMap } from './bounded-map.js';
import { refusal } from './errors.js';

/** Whom credentials name once they are verified: a person at an issuer, or the holder of a partner key. */
export type Identity =
  | { readonly kind: 'staff'; readonly issuer: string; readonly subject: string }
  | { readonly kind: 'member'; readonly issuer: string; readonly subject: string; /** As its issuer has verified it. */ readonly phone?: string }
  | { readonly kind: 'partner'; /** SHA-256 of the key, in hex. */ readonly keyHash: string };

/** An issuer of tokens, and whether its people are staff (the default) or members. */
export interface GatewayIssuer extends TrustedIssuer { readonly kind?: 'staff' | 'member' }

/** What a caller sent to say who they are; an empty text counts as not sent. */
export interface Credentials {
  /** `Bearer <JWT>` */
  readonly authorization?: string | undefined;
  readonly apiKey?: string | undefined;
}

/** A viewer, and when the credentials end; a key has no end. */
export interface Authenticated {
  readonly viewer: Viewer;
  readonly expiresAt: Date | null;
  /** Whom to look up again while a connection lasts; none for anonymous viewers. */
  readonly identity?: Identity | undefined;
}

/** Tells who is asking. */
export interface Authenticator {
  /** Gives the viewer, `Viewer.anonymous` without credentials; throws UNAUTHENTICATED (with a `reason`) for bad ones. */
  authenticate(credentials: Credentials): Promise<Authenticated>;
  /** Looks an identity up again, past what is remembered: null when it has no rights any more. */
  look?(identity: Identity): Promise<Viewer | null>;
}

/** What an authenticator needs. */
export interface AuthenticatorOptions {
  readonly issuers: readonly GatewayIssuer[];
  /** Finds tenant, scopes and channels of an identity; null when it has none (any more). */
  readonly resolveViewer: (identity: Identity) => Promise<ViewerClaims | null>;
  /** How long a resolved viewer is remembered, so also how late a withdrawn right is noticed. */
  readonly cacheSeconds?: number;
}

const REMEMBERED = 10_000;
/** Each may be some kilobytes. */
const REMEMBERED_TOKENS = 2_000;
const BEARER = /^Bearer +(\S+)$/i;
const LONGEST_KEY = 200;

/** Makes the authenticator of a gateway: tokens by the issuers' keys, partner keys by their hash. */
export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  const lifetime = (options.cacheSeconds ?? 10) * 1000;
  const known = new BoundedMap<string, Promise<Viewer | null>>(REMEMBERED, lifetime);
  // Apart from the known ones, so that guessed keys cannot push these out.
  const refused = new BoundedMap<string, true>(REMEMBERED, lifetime);
  // A signature costs more to verify than a small query to answer; a key that is withdrawn is noticed as late as a right.
  const verified = new BoundedMap<string, VerifiedToken>(REMEMBERED_TOKENS, lifetime);

  const verify = async (token: string): Promise<VerifiedToken> => {
    const known = verified.get(token);
    if (known !== undefined && known.expiresAt.getTime() > Date.now()) return known;
    const identity = await verifyIdentity(token, options.issuers).catch(asUnauthenticated);
    verified.set(token, identity);
    return identity;
  };

  const resolve = async (identity: Identity): Promise<Viewer> => {
    const name = JSON.stringify(identity);
    if (refused.get(name)) throw unauthenticated('UNKNOWN_IDENTITY');
    let finding = known.get(name);
    if (finding === undefined) {
      finding = options.resolveViewer(identity).then((claims) => claims && new Viewer(claims));
      known.set(name, finding);
    }
    // A failed look-up must not be remembered.
    const viewer = await finding.catch((error: unknown) => {
      known.delete(name);
      throw error;
    });
    if (viewer !== null) return viewer;
    known.delete(name);
    refused.set(name, true);
    throw unauthenticated('UNKNOWN_IDENTITY');
  };

  return {
    async authenticate({ authorization, apiKey }) {
      if (authorization && apiKey) throw unauthenticated('TWO_CREDENTIALS');
      if (apiKey) {
        const identity = partnerOf(apiKey);
        return { viewer: await resolve(identity), expiresAt: null, identity };
      }
      if (!authorization) return { viewer: Viewer.anonymous, expiresAt: null };
      const token = BEARER.exec(authorization)?.[1];
      if (token === undefined) throw unauthenticated('NOT_A_BEARER_TOKEN');
      const { issuer, subject, expiresAt, phone } = await verify(token);
      const kind = options.issuers.find((candidate) => candidate.issuer === issuer)?.kind ?? 'staff';
      const identity: Identity = kind === 'member' ? { kind, issuer, subject, ...(phone !== undefined && { phone }) } : { kind, issuer, subject };
      return { viewer: await resolve(identity), expiresAt, identity };
    },
    async look(identity) {
      const name = JSON.stringify(identity);
      known.delete(name);
      return resolve(identity).catch((error: unknown) => {
        if (refused.get(name)) return null;
        throw error;
      });
    },
  };
}

function partnerOf(apiKey: string): Identity {
  if (apiKey.length > LONGEST_KEY) throw unauthenticated('UNKNOWN_IDENTITY');
  return { kind: 'partner', keyHash: createHash('sha256').update(apiKey).digest('hex') };
}

const unauthenticated = (reason: string): Error => refusal('UNAUTHENTICATED', { reason });

function asUnauthenticated(error: unknown): never {
  throw error instanceof TokenError ? unauthenticated(error.code) : error;
}
