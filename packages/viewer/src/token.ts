import { decodeJwt, decodeProtectedHeader, errors, jwtVerify, type JWTVerifyGetKey } from 'jose';

/** Gives the public key of a token's header; made by `createLocalJWKSet` or `createRemoteJWKSet` of jose. */
export type KeyLookup = JWTVerifyGetKey;

/** One party whose tokens are taken: what its tokens must name as `iss` and `aud`, and its public keys. */
export interface TrustedIssuer {
  readonly issuer: string;
  readonly audience: string;
  readonly jwks: KeyLookup;
}

/** The person a verified token names, and when it ends. */
export interface VerifiedToken {
  readonly issuer: string;
  readonly subject: string;
  readonly expiresAt: Date;
  /** Only where the issuer has verified it (OpenID Connect: `phone_number_verified`). */
  readonly phone?: string;
}

/** The refusal of a token; the token and its claims are left out, since errors are logged. */
export class TokenError extends Error {
  constructor(readonly code: 'TOKEN_EXPIRED' | 'TOKEN_INVALID') {
    super(code === 'TOKEN_EXPIRED' ? 'The token has expired.' : 'The token is not valid.');
    this.name = 'TokenError';
  }
}

// Pinned, because a token must not choose: `none` and HS256 with the public key as secret would pass otherwise.
const ALGORITHMS = ['RS256', 'ES256', 'EdDSA'];
const LONGEST_TOKEN = 8 * 1024;
const LONGEST_SUBJECT = 255;
const LONGEST_PHONE = 32;
const CLOCK_LEEWAY_SECONDS = 30;

/**
 * Verifies a JWT against the issuer that it names, and tells whose it is.
 *
 * Required: a `kid`, `iss`, `aud`, `sub` and `exp`; at most 8 kB; RS256, ES256 or EdDSA (RFC 7519, RFC 8725).
 * Keys come only from the issuer's own lookup, never from `jwk`, `jku` or `x5u` of the token.
 * @throws TokenError for what is wrong with the token; anything else thrown means that keys could not be had.
 */
export async function verifyIdentity(token: string, issuers: readonly TrustedIssuer[]): Promise<VerifiedToken> {
  try {
    const trusted = issuerOf(token, issuers);
    const { payload } = await jwtVerify(token, trusted.jwks, {
      issuer: trusted.issuer,
      audience: trusted.audience,
      algorithms: ALGORITHMS,
      requiredClaims: ['iss', 'aud', 'sub', 'exp'],
      clockTolerance: CLOCK_LEEWAY_SECONDS,
    });
    const { phone_number: phone, phone_number_verified: verified } = payload;
    return {
      issuer: trusted.issuer, subject: subjectOf(payload.sub), expiresAt: new Date(Number(payload.exp) * 1000),
      ...(verified === true && typeof phone === 'string' && phone.length <= LONGEST_PHONE && { phone }),
    };
  } catch (error) {
    throw asTokenError(error);
  }
}

function issuerOf(token: string, issuers: readonly TrustedIssuer[]): TrustedIssuer {
  if (token.length > LONGEST_TOKEN) throw new TokenError('TOKEN_INVALID');
  const claimed = decode(() => ({ ...decodeProtectedHeader(token), iss: decodeJwt(token).iss }));
  const trusted = issuers.find((candidate) => candidate.issuer === claimed.iss);
  if (trusted === undefined || typeof claimed.kid !== 'string') throw new TokenError('TOKEN_INVALID');
  return trusted;
}

// jose throws plain TypeErrors for what is no JWT at all.
function decode<T>(read: () => T): T {
  try {
    return read();
  } catch {
    throw new TokenError('TOKEN_INVALID');
  }
}

function subjectOf(sub: unknown): string {
  if (typeof sub !== 'string' || sub === '' || sub.length > LONGEST_SUBJECT) throw new TokenError('TOKEN_INVALID');
  return sub;
}

function asTokenError(error: unknown): unknown {
  if (error instanceof errors.JWTExpired) return new TokenError('TOKEN_EXPIRED');
  // A key server that does not answer is a broken machine, not a bad token.
  if (error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid) return error;
  return error instanceof errors.JOSEError ? new TokenError('TOKEN_INVALID') : error;
}
