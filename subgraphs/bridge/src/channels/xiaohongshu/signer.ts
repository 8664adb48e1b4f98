import { joined, md5, sameText, type Parameters } from '../signing/digests.js';

export interface Call { readonly appId: string; readonly method: string; readonly timestamp: string }

/** The protocol's own version, and part of the text that is signed. */
export const VERSION = '2.0';

/** The `sign` of an ARK call. It covers the system's fields alone: the rest is kept by TLS. */
export const signCall = ({ appId, method, timestamp }: Call, secret: string): string => md5(`${method}?appId=${appId}&timestamp=${timestamp}&version=${VERSION}${secret}`);

/** Whether the headers of a pushed message are signed. Its body is not: read the object anew before believing a word. */
export function isPushSigned({ path, query, appKey, timestamp, sign }: {
  readonly path: string; readonly query: Parameters; readonly appKey: string; readonly timestamp: string; readonly sign: string;
}, secrets: readonly string[]): boolean {
  const text = joined({ ...query, 'app-key': appKey, timestamp }, { pair: '=', between: '&' });
  return secrets.map((secret) => sameText(md5(`${path}?${text}${secret}`), sign)).some((same) => same);
}
