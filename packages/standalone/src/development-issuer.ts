import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, importJWK, SignJWT, type JSONWebKeySet, type JWK, type JWTVerifyGetKey } from 'jose';

/** Issuer and audience of development tokens; no real issuer can have this name. */
export const DEVELOPMENT_ISSUER = 'urn:quanyu:development';
/** Issuer of development tokens of shoppers. */
export const DEVELOPMENT_MEMBER_ISSUER = 'urn:quanyu:development:members';
export const AUDIENCE = 'quanyu';
/** Subject of the demo tenant's owner. */
export const OWNER_SUBJECT = 'demo-owner';
/** Subject of a shopper of the demo tenant. */
export const MEMBER_SUBJECT = 'demo-member';

const LIFETIME_DAYS = 90;

/** Public side of the development issuer, as a key set. */
export function publicKeysOf({ kty, crv, x, y, kid, alg }: JWK): JSONWebKeySet {
  return { keys: [{ kty, crv, x, y, kid, alg, use: 'sig' } as JWK] };
}

/** Public side of the development issuer. */
export const developmentKeys = (issuerKey: JWK): JWTVerifyGetKey => createLocalJWKSet(publicKeysOf(issuerKey));

/** A token for a person of the demo tenant. */
export async function issueToken(issuerKey: JWK, subject: string, issuer = DEVELOPMENT_ISSUER): Promise<string> {
  return new SignJWT({})
    .setProtectedHeader({ alg: 'ES256', kid: issuerKey.kid, typ: 'JWT' })
    .setIssuer(issuer).setAudience(AUDIENCE).setSubject(subject)
    .setIssuedAt().setExpirationTime(`${LIFETIME_DAYS}d`)
    .sign(await importJWK(issuerKey, 'ES256'));
}

/** Whether a token of this key still holds for a day, so that a second start can print the same one. */
export function isFresh(token: string | undefined, { kid }: JWK): token is string {
  if (token === undefined) return false;
  try {
    const { exp } = decodeJwt(token);
    return decodeProtectedHeader(token).kid === kid && exp !== undefined && exp * 1000 > Date.now() + 86_400_000;
  } catch {
    return false;
  }
}
