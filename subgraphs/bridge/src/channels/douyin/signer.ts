import { hmacHex, md5, sameText } from '../signing/digests.js';

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** Compact JSON with the keys of every level in order of code units: what is signed is, byte for byte, what is sent. */
export function canonicalJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map((item: Json) => canonicalJson(item)).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const entries = Object.entries(value as Readonly<Record<string, Json>>).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([name, item]) => `${JSON.stringify(name)}:${canonicalJson(item)}`).join(',')}}`;
}

export interface Call {
  readonly appKey: string;
  /** `order.searchList` */
  readonly method: string;
  /** As `canonicalJson` spelt it. */
  readonly paramJson: string;
  /** Seconds since 1970. */
  readonly timestamp: string;
}

/** The `sign` of a call with `sign_method=hmac-sha256`; the access token is not part of it. */
export const signCall = ({ appKey, method, paramJson, timestamp }: Call, secret: string): string =>
  hmacHex('sha256', secret, `${secret}app_key${appKey}method${method}param_json${paramJson}timestamp${timestamp}v2${secret}`);

/** Whether a pushed message is the platform's: MD5 over app key, body and secret. */
export const isPushSigned = (body: Buffer, sign: string, appKey: string, secrets: readonly string[]): boolean =>
  secrets.map((secret) => sameText(md5(Buffer.concat([Buffer.from(appKey), body, Buffer.from(secret)])), sign)).some((same) => same);

/** Whether a call of the platform to us (SPI) is signed: no method and no version in the text. */
export const isSpiSigned = (body: Buffer, sign: string, { appKey, timestamp }: Pick<Call, 'appKey' | 'timestamp'>, secrets: readonly string[]): boolean =>
  secrets.map((secret) => sameText(hmacHex('sha256', secret, Buffer.concat([Buffer.from(`${secret}app_key${appKey}param_json`), body, Buffer.from(`timestamp${timestamp}${secret}`)])), sign)).some((same) => same);
