// While a secret is rotated the platform signs with either: the old one lives a day beside the new one, and never more than two do.

export interface Secret { readonly sealed: string; readonly expiresAt: string | null }

const GRACE_MS = 24 * 60 * 60 * 1000;

export const liveSecrets = <S extends Secret>(secrets: readonly S[], now: Date): S[] =>
  secrets.filter(({ expiresAt }) => expiresAt === null || new Date(expiresAt) > now);

/** The list with a new secret in front. */
export function rotate(secrets: readonly Secret[], sealed: string, now: Date): Secret[] {
  const [current] = liveSecrets(secrets, now);
  return current === undefined
    ? [{ sealed, expiresAt: null }]
    : [{ sealed, expiresAt: null }, { sealed: current.sealed, expiresAt: new Date(now.getTime() + GRACE_MS).toISOString() }];
}
