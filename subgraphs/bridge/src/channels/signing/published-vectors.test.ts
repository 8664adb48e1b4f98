import { createVerify, generateKeyPairSync, type JsonWebKey } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import * as alipay from '../alipay/signer.js';
import { sha1 } from './digests.js';
import * as douyin from '../douyin/signer.js';
import * as kdniao from '../kdniao/signer.js';
import * as kuaidi100 from '../kuaidi100/signer.js';
import { isQuerySigned } from './oauth-signature.js';
import { parseJson } from '../reading/parse-json.js';
import * as pinduoduo from '../pinduoduo/signer.js';
import * as shipstation from '../shipstation/signer.js';
import { isSigned } from './signer.js';
import * as stripe from '../stripe/signer.js';
import { signTop, type SignMethod } from '../taobao/signer.js';
import * as wechat from '../wechat/signer.js';
import * as xiaohongshu from '../xiaohongshu/signer.js';
import * as zoho from '../zoho/signer.js';

// The vectors that vendors and their libraries publish, where a copy lies beside the project.
type Text = 'path' | 'app_key' | 'method' | 'timestamp' | 'param_json' | 'raw_body' | 'message' | 'request_data' | 'param' | 'customer' | 't' | 'nonce'
  | 'associated_data' | 'ciphertext' | 'bill_text' | 'raw_response' | 'issuer_reversed' | 'serial_decimal' | 'api_key';
interface Inputs extends Record<Text, string> { sign_method?: SignMethod; jwk: JsonWebKey & { kid: string }; params: Record<string, string>; query: Record<string, string>; headers: Record<string, string>; form: Record<string, string> }
interface Vector { id: string; inputs: Inputs; secrets: Record<string, string>; public_key_pem?: string; string_to_sign?: string; expected: string | true }
const file = new URL('../../../../../../shared/signature-vectors.json', import.meta.url);
const vectors = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) as Vector[] : [];

const wechatHead = (headers: Record<string, string>) => ({
  timestamp: headers['Wechatpay-Timestamp']!, nonce: headers['Wechatpay-Nonce']!, signature: headers['Wechatpay-Signature']!,
});
type Check = (inputs: Inputs, secrets: Record<string, string>, vector: Vector) => unknown;
const secretOf = (secrets: Record<string, string>): string => Object.values(secrets)[0]!;

/** Whose private key nobody has published: that we sign the very text of the vector shows with a key of our own. */
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const signsText = (signature: string, text: string): boolean => createVerify('RSA-SHA256').update(text).verify(publicKey, signature, 'base64');

/** By the beginning of an id, the most special first; null for what we leave to the vendor's library or do not speak. */
const CHECKS: readonly (readonly [string, Check | null])[] = [
  ['top-', (inputs, secrets) => signTop(inputs as never, secretOf(secrets), inputs.sign_method ?? 'md5')],
  ['pdd-', (inputs, secrets) => pinduoduo.signCall(inputs as never, secretOf(secrets))],
  ['xhs-push', ({ path, query, headers }, secrets, { expected }) => (xiaohongshu.isPushSigned({ path, query, appKey: headers['app-key']!, timestamp: headers['timestamp']!, sign: String(expected) }, [secretOf(secrets)]) ? expected : null)],
  ['xhs-v2', (inputs, secrets) => xiaohongshu.signCall(inputs as never, secretOf(secrets))],
  ['douyin-api-md5', null],
  ['douyin-api', ({ app_key: appKey, method, param, timestamp }, secrets) => douyin.signCall({ appKey, method, paramJson: douyin.canonicalJson(param as never), timestamp }, secretOf(secrets))],
  ['douyin-spi-hmac', ({ app_key: appKey, param_json, timestamp }, secrets, { expected }) => (douyin.isSpiSigned(Buffer.from(param_json), String(expected), { appKey, timestamp }, [secretOf(secrets)]) ? expected : null)],
  ['douyin-push', ({ app_key, raw_body }, secrets, { expected }) => (douyin.isPushSigned(Buffer.from(raw_body), String(expected), app_key, [secretOf(secrets)]) ? expected : null)],
  ['shopify-oauth', ({ query }, secrets, { expected }) => (isQuerySigned({ ...Object.fromEntries(new URLSearchParams(query as never)), hmac: String(expected) }, [secretOf(secrets)]) ? expected : null)],
  ['shoplazza-oauth', ({ message }, secrets, { expected }) => (isQuerySigned({ ...Object.fromEntries(new URLSearchParams(message)), hmac: String(expected) }, [secretOf(secrets)]) ? expected : null)],
  ['shopify-webhook', ({ raw_body }, secrets, { expected }) => (isSigned(Buffer.from(raw_body), String(expected), [secretOf(secrets)]) ? expected : null)],
  ['shoplazza-webhook', ({ raw_body }, secrets, { expected }) => (isSigned(Buffer.from(raw_body), String(expected), [secretOf(secrets)]) ? expected : null)],
  ['kdniao', ({ request_data }, secrets) => kdniao.dataSign(request_data, secretOf(secrets))],
  ['kuaidi100-query', ({ param, customer }, secrets) => kuaidi100.signQuery({ param, customer, key: secrets['key']! })],
  ['kuaidi100-eorder', ({ param, t }, secrets) => kuaidi100.signLabelOrder({ param, timestamp: t, key: secrets['key']!, secret: secrets['secret']! })],
  ['kuaidi100-push', ({ param }, secrets, { expected }) => (kuaidi100.isPushSigned({ param, sign: String(expected) }, [secretOf(secrets)]) ? expected : null)],
  ['wechatpay-notify-signature', ({ headers, raw_body }, _secrets, { public_key_pem }) => wechat.isSigned({ ...wechatHead(headers), body: Buffer.from(raw_body) }, public_key_pem!)],
  // Sixteen bytes of key: what we refuse.
  ['wechatpay-notify-decrypt', ({ nonce, associated_data, ciphertext }, secrets, { expected }) => {
    expect(() => wechat.openResource({ nonce, ciphertext, associatedData: associated_data }, secretOf(secrets))).toThrow(RangeError);
    return expected;
  }],
  ['wechatpay-aes256gcm', ({ nonce, associated_data, ciphertext }, secrets) => wechat.openResource({ nonce, ciphertext, associatedData: associated_data }, secretOf(secrets))],
  ['wechatpay-bill', ({ bill_text }) => sha1(bill_text)],
  ['wechat-mp', ({ timestamp, nonce }, secrets, { expected }) => (wechat.isMessageSigned({ timestamp, nonce, signature: String(expected) }, secretOf(secrets)) ? expected : null)],
  ['alipay-notify', ({ form }, _secrets, { public_key_pem }) => alipay.isNotifySigned(form, public_key_pem!)],
  ['alipay-response', ({ raw_response }, _secrets, { public_key_pem }) => alipay.isAnswerSigned(alipay.signedNode(raw_response, 'alipay.open.file.upload')!, (parseJson(Buffer.from(raw_response)) as { sign: string }).sign, public_key_pem!)],
  ['alipay-cert-sn-app', ({ issuer_reversed, serial_decimal }) => alipay.certificateSn({ issuer: issuer_reversed, serial: BigInt(serial_decimal) })],
  ['alipay-request', ({ params }, _secrets, { string_to_sign: text, expected }) => (signsText(alipay.signRequest(params, privateKey), text!) ? expected : null)],
  ['wechatpay-authorization', ({ message }, _secrets, { expected }) => {
    const [method, url, timestamp, nonce, ...body] = message.split('\n') as [string, string, string, string, ...string[]];
    const [, signature] = /signature="([^"]+)"/.exec(wechat.authorization({ method, url, timestamp, nonce, body: body.join('\n').replace(/\n$/, '') }, { mchid: '1', serialNo: '2', privateKey }))!;
    return signsText(signature!, message) ? expected : null;
  }],
  ['wechatpay-paysign', ({ message }, _secrets, { expected }) => {
    const [appId, timestamp, nonce, prepay] = message.split('\n') as [string, string, string, string];
    return signsText(wechat.paySign({ appId, timestamp, nonce, prepayId: prepay.replace('prepay_id=', '') }, privateKey), message) ? expected : null;
  }],
  ['shipstation-v2', ({ headers, raw_body, jwk }, _secrets, { expected }) => (shipstation.isSigned({
    body: Buffer.from(raw_body), timestamp: headers['x-shipengine-timestamp']!, signature: headers['x-shipengine-rsa-sha256-signature']!, keyId: headers['x-shipengine-rsa-sha256-key-id']!,
  }, [jwk], new Date(headers['x-shipengine-timestamp']!)) ? expected : null)],
  // The bare algorithm, a protocol that has ended, a way of signing that we do not use, and a platform that we hear nothing from.
  ['wechatpay-rsa-verify-source', null],
  ['xhs-v1', null],
  ['twilio', null],
  ['stripe', ({ timestamp, raw_body }, secrets, { expected }) => (stripe.isSigned(Buffer.from(raw_body), String(expected), [secretOf(secrets)], new Date(Number(timestamp) * 1000)) ? expected : null)],
  ['shipstation-v1', ({ api_key }, secrets) => shipstation.basic(api_key, secrets['api_secret']!)],
  ['zoho', ({ query, raw_body }, secrets, { expected }) => (zoho.isSigned(Buffer.from(raw_body), query, String(expected), [secretOf(secrets)]) ? expected : null)],
];

const checkOf = ({ id }: Vector): Check | null => CHECKS.find(([start]) => id.startsWith(start))?.[1] ?? null;
const ours = vectors.filter((vector) => checkOf(vector) !== null);

(ours.length > 0 ? describe : describe.skip)('published vectors', () => {
  it('all stand here', () => { expect(vectors.filter(({ id }) => !CHECKS.some(([start]) => id.startsWith(start)))).toEqual([]); });

  it.each(ours)('$id', (vector) => { expect(checkOf(vector)!(vector.inputs, vector.secrets, vector)).toBe(vector.expected); });
});
