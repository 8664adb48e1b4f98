import { joined, md5, type Parameters } from '../signing/digests.js';

/** The `sign` of a call: MD5 in upper-case hex, the text between two copies of the secret. Nested values are signed as the text that is sent. */
export const signCall = ({ sign: _sign, ...parameters }: Parameters, secret: string): string => md5(`${secret}${joined(parameters)}${secret}`).toUpperCase();
