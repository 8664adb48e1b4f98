import { errors, jwtVerify, SignJWT } from 'jose';
import type { ServiceKeys } from './keys.js';

/** A refusal at a door for services; the token itself is left out, since errors are logged. */
export class ServiceTokenError extends Error {
  readonly safeMessage = true;
  constructor(readonly code: 'SERVICE_TOKEN_MISSING' | 'SERVICE_TOKEN_INVALID' | 'SERVICE_TOKEN_EXPIRED') {
    super(code === 'SERVICE_TOKEN_MISSING' ? 'This door is for services: a service token is required.' : 'The service token is not valid here.');
    this.name = 'ServiceTokenError';
  }
}

const LIFETIME_SECONDS = 60;
/** A token is used for half of its life: on the way, and on a clock that is behind, it must still hold. */
const USED_SECONDS = 30;
const LEEWAY_SECONDS = 5;
const TYPE = 'quanyu-service+jwt';
const REMEMBERED = 1_000;
const BEARER = /^Bearer ([\w.-]{20,2000})$/;

/**
 * Short-lived tokens by which services know each other: signed by the caller's own key (EdDSA), for one callee, for a
 * minute. A stolen token opens one service for a minute; a stolen key speaks for one service alone.
 */
export class ServiceTokens {
  readonly #made = new Map<string, { readonly token: Promise<string>; readonly until: number }>();
  readonly #verified = new Map<string, { readonly caller: string; readonly until: number }>();

  /** @param now milliseconds since 1970; for tests. */
  constructor(private readonly keys: ServiceKeys, private readonly now: () => number = Date.now) {}

  get name(): string { return this.keys.name; }

  /** The `authorization` header for a request to a service. */
  async headerFor(audience: string): Promise<string> {
    const known = this.#made.get(audience);
    if (known !== undefined && known.until > this.now()) return `Bearer ${await known.token}`;
    const token = this.#sign(audience);
    this.#made.set(audience, { token, until: this.now() + USED_SECONDS * 1000 });
    return `Bearer ${await token}`;
  }

  /**
   * Verifies the `authorization` header of a request to us; answers which service calls.
   * @throws ServiceTokenError
   */
  async callerOf(header: string | undefined): Promise<string> {
    const token = BEARER.exec(header ?? '')?.[1];
    if (token === undefined) throw new ServiceTokenError(header === undefined ? 'SERVICE_TOKEN_MISSING' : 'SERVICE_TOKEN_INVALID');
    const known = this.#verified.get(token);
    if (known !== undefined && known.until > this.now()) return known.caller;
    this.#verified.delete(token);
    const verified = await this.#verify(token);
    // A service has one token for us at a time, so the oldest one is surely of no use any more.
    if (this.#verified.size >= REMEMBERED) this.#verified.delete(this.#verified.keys().next().value!);
    this.#verified.set(token, verified);
    return verified.caller;
  }

  #sign(audience: string): Promise<string> {
    const seconds = Math.floor(this.now() / 1000);
    return new SignJWT().setProtectedHeader({ alg: 'EdDSA', typ: TYPE, kid: this.keys.kid })
      .setIssuer(this.keys.name).setAudience(audience).setIssuedAt(seconds).setExpirationTime(seconds + LIFETIME_SECONDS).sign(this.keys.privateKey);
  }

  async #verify(token: string): Promise<{ caller: string; until: number }> {
    try {
      let service = '';
      const { payload } = await jwtVerify(token, ({ kid }) => {
        const known = this.keys.publicKeys.get(kid ?? '');
        if (known === undefined) throw new ServiceTokenError('SERVICE_TOKEN_INVALID');
        service = known.service;
        return known.key;
      }, {
        audience: this.keys.name, algorithms: ['EdDSA'], typ: TYPE, requiredClaims: ['iss', 'iat', 'exp'],
        clockTolerance: LEEWAY_SECONDS, maxTokenAge: LIFETIME_SECONDS, currentDate: new Date(this.now()),
      });
      // The key says who signed; a token that claims another issuer lies.
      if (payload.iss !== service) throw new ServiceTokenError('SERVICE_TOKEN_INVALID');
      return { caller: service, until: payload.exp! * 1000 };
    } catch (error) {
      throw new ServiceTokenError(error instanceof errors.JWTExpired ? 'SERVICE_TOKEN_EXPIRED' : 'SERVICE_TOKEN_INVALID');
    }
  }
}
