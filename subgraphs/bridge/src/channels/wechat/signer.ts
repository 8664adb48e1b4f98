import { createDecipheriv, createPublicKey, createSign, createVerify, type KeyLike } from 'node:crypto';
import { sameText, sha1 } from '../signing/digests.js';

/** Who asks: the merchant, and the certificate whose key signs. */
export interface Merchant { readonly mchid: string; readonly serialNo: string; readonly privateKey: KeyLike }
export interface SignedRequest {
  readonly method: string;
  /** Path and query, as sent. */
  readonly url: string;
  readonly body: string;
  /** Seconds since 1970. */
  readonly timestamp: string;
  readonly nonce: string;
}

const signed = (text: string, key: KeyLike): string => createSign('RSA-SHA256').update(text).sign(key, 'base64');

/** The `Authorization` header of a WeChat Pay v3 request. */
export function authorization({ method, url, body, timestamp, nonce }: SignedRequest, { mchid, serialNo, privateKey }: Merchant): string {
  const signature = signed(`${method}\n${url}\n${timestamp}\n${nonce}\n${body}\n`, privateKey);
  return `WECHATPAY2-SHA256-RSA2048 mchid="${mchid}",nonce_str="${nonce}",timestamp="${timestamp}",serial_no="${serialNo}",signature="${signature}"`;
}

/** What a mini-program hands to `wx.requestPayment`. */
export const paySign = ({ appId, timestamp, nonce, prepayId }: { readonly appId: string; readonly timestamp: string; readonly nonce: string; readonly prepayId: string }, privateKey: KeyLike): string =>
  signed(`${appId}\n${timestamp}\n${nonce}\nprepay_id=${prepayId}\n`, privateKey);

const PROBE = 'WECHATPAY/SIGNTEST/';

/** Whether WeChat Pay signed these bytes: an answer's or a notification's. Probes, which must be refused, are. */
export function isSigned({ body, timestamp, nonce, signature }: { readonly body: Buffer; readonly timestamp: string; readonly nonce: string; readonly signature: string }, publicKey: string): boolean {
  if (signature.startsWith(PROBE)) return false;
  return createVerify('RSA-SHA256').update(`${timestamp}\n${nonce}\n`).update(body).update('\n').verify(createPublicKey(publicKey), signature, 'base64');
}

const KEY_BYTES = 32;
const TAG_BYTES = 16;

/** Opens the resource of a notification. @throws RangeError for a key of another length; Error when it was not sealed by it. */
export function openResource({ ciphertext, nonce, associatedData }: { readonly ciphertext: string; readonly nonce: string; readonly associatedData: string }, apiV3Key: string): string {
  const key = Buffer.from(apiV3Key);
  if (key.length !== KEY_BYTES) throw new RangeError('an APIv3 key has 32 bytes');
  const bytes = Buffer.from(ciphertext, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(nonce), { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(associatedData)).setAuthTag(bytes.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()]).toString();
}

/** Whether a mini-program's message push is WeChat's: SHA-1 over the sorted token, timestamp and nonce. */
export const isMessageSigned = ({ timestamp, nonce, signature }: { readonly timestamp: string; readonly nonce: string; readonly signature: string }, token: string): boolean =>
  sameText(sha1([token, timestamp, nonce].sort().join('')), signature);
