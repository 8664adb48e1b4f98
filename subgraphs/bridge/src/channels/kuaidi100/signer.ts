import { md5, sameText } from '../signing/digests.js';

const upper = (text: string): string => md5(text).toUpperCase();

export const signQuery = ({ param, key, customer }: { readonly param: string; readonly key: string; readonly customer: string }): string => upper(`${param}${key}${customer}`);
/** @param request its `timestamp` is in milliseconds */
export const signLabelOrder = ({ param, timestamp, key, secret }: { readonly param: string; readonly timestamp: string; readonly key: string; readonly secret: string }): string =>
  upper(`${param}${timestamp}${key}${secret}`);
export const isPushSigned = ({ param, sign }: { readonly param: string; readonly sign: string }, salts: readonly string[]): boolean =>
  salts.map((salt) => sameText(upper(`${param}${salt}`), sign)).some((same) => same);
