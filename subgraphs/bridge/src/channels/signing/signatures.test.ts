import { createCipheriv, createSign, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import * as alipay from '../alipay/signer.js';
import * as douyin from '../douyin/signer.js';
import * as kdniao from '../kdniao/signer.js';
import * as kuaidi100 from '../kuaidi100/signer.js';
import { isQuerySigned } from './oauth-signature.js';
import * as pinduoduo from '../pinduoduo/signer.js';
import * as shipstation from '../shipstation/signer.js';
import * as stripe from '../stripe/signer.js';
import { signTop, type SignMethod } from '../taobao/signer.js';
import * as wechat from '../wechat/signer.js';
import * as xiaohongshu from '../xiaohongshu/signer.js';
import * as zoho from '../zoho/signer.js';

// Expected digests were made by the command line of openssl from texts put together by hand.
const SECRET = 'FAKE_SECRET_quanyu';
const OLDER = ['FAKE_SECRET_newer', SECRET];
const AT = '1767323045';
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = publicKey.export({ type: 'spki', format: 'pem' }) as string;
const rsa = (text: string): string => createSign('RSA-SHA256').update(text).sign(privateKey, 'base64');

describe('calls', () => {
  it.each<[SignMethod, string]>([
    ['md5', '81207A27D3865788A9A39BC0FA20D0D7'], ['hmac', '19F4FBEA6B12DE6482767F61C874EB5D'],
    ['hmac-sha256', 'F196FA6F4D3F6F43E2E4597336473F66363946F1DA20103EDB42635A9B9A3896'],
  ])('of Taobao are signed by %s', (method, sign) => {
    expect(signTop({ v: '2.0', fields: '标题', method: 'taobao.trade.fullinfo.get', app_key: 'fake', timestamp: '2026-01-02 03:04:05', empty: '', sign: 'old' }, SECRET, method)).toBe(sign);
  });

  it('of Pinduoduo sign nested values as the text that is sent', () => {
    expect(pinduoduo.signCall({ type: 'pdd.order.information.get', timestamp: AT, client_id: 'fake', list: '[{"a":1}]' }, SECRET)).toBe('0A2D03E26288A7AE8A489232A2A2684E');
  });

  it('of Douyin sign one spelling of the JSON', () => {
    const paramJson = douyin.canonicalJson({ b: '茶<b>&', a: [{ z: 1, y: 2 }] });
    expect(paramJson).toBe('{"a":[{"y":2,"z":1}],"b":"茶<b>&"}');
    expect(douyin.signCall({ appKey: 'fake', method: 'order.orderDetail', paramJson, timestamp: AT }, SECRET)).toBe('c525a0ba6f16f4aca7e112f3e3989817f63cb0b27212058854421f9dfaee7959');
  });

  it('of Xiaohongshu sign the system fields', () => {
    expect(xiaohongshu.signCall({ appId: 'fake', method: 'order.getOrderDetail', timestamp: AT }, SECRET)).toBe('cb4009c4339c402d17de1be0c7483447');
  });

  it('of Kuaidi100 and Kdniao sign the data with their keys', () => {
    const param = '{"num":"SF1"}';
    expect(kuaidi100.signQuery({ param, key: 'KEY', customer: 'CUSTOMER' })).toBe('C07ADB52261F5573635F1FC7BE87C8B1');
    expect(kuaidi100.signLabelOrder({ param, timestamp: '1767323045000', key: 'KEY', secret: 'SECRET' })).toBe('CB905C07AAB75E6E9BD278A45FD64C16');
    expect(kdniao.dataSign('{"ShipperCode":"SF"}', 'KEY')).toBe('NGFhZWI5YjE5MTUzNGJmMzhjNzVhNWM3YWZlMzZiYTY=');
  });

  it('of WeChat Pay name the merchant and sign method, address, time, nonce and body', () => {
    const request = { method: 'GET', url: '/v3/bill/tradebill?bill_date=2026-01-01', body: '', timestamp: AT, nonce: 'NONCE' };
    expect(wechat.authorization(request, { mchid: '1900000001', serialNo: 'AB12', privateKey })).toBe(
      `WECHATPAY2-SHA256-RSA2048 mchid="1900000001",nonce_str="NONCE",timestamp="${AT}",serial_no="AB12",signature="${rsa(`GET\n/v3/bill/tradebill?bill_date=2026-01-01\n${AT}\nNONCE\n\n`)}"`);
    expect(wechat.paySign({ appId: 'wxfake', timestamp: AT, nonce: 'NONCE', prepayId: 'wx1' }, privateKey)).toBe(rsa(`wxfake\n${AT}\nNONCE\nprepay_id=wx1\n`));
  });

  it('of Alipay sign what has a value, the kind of signature with it', () => {
    const call = { sign_type: 'RSA2', method: 'alipay.trade.query', app_id: '2021', biz_content: '{"out_trade_no":"T1"}', notify_url: '' };
    expect(alipay.signRequest(call, privateKey)).toBe(rsa('app_id=2021&biz_content={"out_trade_no":"T1"}&method=alipay.trade.query&sign_type=RSA2'));
    expect(alipay.certificateSn({ issuer: 'CN=Test CA,O=Quanyu,C=CN', serial: 42n })).toBe('7eb68e63ff7f62f1ee580562933dccab');
  });

  it('of ShipStation carry key and secret', () => { expect(shipstation.basic('key', 'secret')).toBe('Basic a2V5OnNlY3JldA=='); });
});

describe('what platforms send us', () => {
  const PUSH = Buffer.from('[{"tag":"101"}]');

  it('Douyin: a push by app key, body and secret, a call by parameters', () => {
    expect(douyin.isPushSigned(PUSH, '884d3ee9e293c15bcbc0e8fdf1ca0567', 'fake', OLDER)).toBe(true);
    expect(douyin.isPushSigned(Buffer.from('[{"tag":"102"}]'), '884d3ee9e293c15bcbc0e8fdf1ca0567', 'fake', OLDER)).toBe(false);
    expect(douyin.isSpiSigned(Buffer.from('{"a":1}'), '1a4ed08e367f520e4891f61064449e6883d9ba6656fee0ca4e7a6de9fc00da3c', { appKey: 'fake', timestamp: AT }, OLDER)).toBe(true);
    expect(douyin.isSpiSigned(Buffer.from('{"a":1}'), '1a4ed08e367f520e4891f61064449e6883d9ba6656fee0ca4e7a6de9fc00da3c', { appKey: 'fake', timestamp: '1767323046' }, OLDER)).toBe(false);
  });

  it('Xiaohongshu: a push by path, own query and time', () => {
    const push = { path: '/webhooks/xiaohongshu/con_a', query: { shop: '1' }, appKey: 'fake', timestamp: AT, sign: 'eb4bb79042a0cb147884f00a9bf49d65' };
    expect(xiaohongshu.isPushSigned(push, OLDER)).toBe(true);
    expect(xiaohongshu.isPushSigned({ ...push, query: { shop: '2' } }, OLDER)).toBe(false);
  });

  it('Kuaidi100 and Kdniao: a push by its data', () => {
    expect(kuaidi100.isPushSigned({ param: '{"num":"SF1"}', sign: 'A591CE84366AAD4C6BDB4BD032338EC0' }, ['other', 'SALT'])).toBe(true);
    expect(kuaidi100.isPushSigned({ param: '{"num":"SF2"}', sign: 'A591CE84366AAD4C6BDB4BD032338EC0' }, ['SALT'])).toBe(false);
    expect(kdniao.isPushSigned({ requestData: '{"ShipperCode":"SF"}', sign: 'NGFhZWI5YjE5MTUzNGJmMzhjNzVhNWM3YWZlMzZiYTY=' }, ['KEY'])).toBe(true);
    expect(kdniao.isPushSigned({ requestData: '{"ShipperCode":"YD"}', sign: 'NGFhZWI5YjE5MTUzNGJmMzhjNzVhNWM3YWZlMzZiYTY=' }, ['KEY'])).toBe(false);
  });

  it('Zoho: a webhook by its sorted query and body', () => {
    const sign = '8e9409401788425261196bb41bc93db6a2eb1ccb345c216d0e1e00667c5c9d20';
    expect(zoho.isSigned(Buffer.from('{"item":1}'), { b: '2', a: '1' }, sign, OLDER)).toBe(true);
    expect(zoho.isSigned(Buffer.from('{"item":1}'), { b: '2', a: '2' }, sign, OLDER)).toBe(false);
  });

  it('Stripe: a webhook by time and body, for 300 s, with any of our secrets', () => {
    const body = Buffer.from('{"id":"evt_1"}');
    const header = `t=${AT},v0=00,v1=11,v1=0c7f4bf41c2ea8024d68fe8246f5551adf5ac3a348e22b8aeb81a9ca7688d0f8`;
    const at = (seconds: number): Date => new Date((Number(AT) + seconds) * 1000);
    expect(stripe.isSigned(body, header, ['whsec_other', 'whsec_FAKE'], at(299))).toBe(true);
    expect(stripe.isSigned(body, header, ['whsec_FAKE'], at(301))).toBe(false);
    expect(stripe.isSigned(body, header, ['whsec_FAKE'], at(-301))).toBe(false);
    expect(stripe.isSigned(body, header.replace('v1=0c', 'v1=0d'), ['whsec_FAKE'], at(0))).toBe(false);
    expect(stripe.isSigned(body, '', ['whsec_FAKE'], at(0))).toBe(false);
  });

  it('ShipStation v2: a webhook by the named RSA key of a set, for 5 minutes', () => {
    const key = { ...publicKey.export({ format: 'jwk' }), kid: 'k1' };
    const body = Buffer.from('{"resource_type":"SHIP_NOTIFY"}');
    const timestamp = '2026-01-02T03:04:05Z';
    const hook = { body, timestamp, signature: rsa(`${timestamp}.${body.toString()}`), keyId: 'k1' };
    const now = new Date('2026-01-02T03:09:00Z');
    const keys = [{ kty: 'EC', kid: 'k1' }, key];
    expect(shipstation.isSigned(hook, keys, now)).toBe(true);
    expect(shipstation.isSigned(hook, keys, new Date('2026-01-02T03:09:06Z'))).toBe(false);
    expect(shipstation.isSigned({ ...hook, keyId: 'k2' }, keys, now)).toBe(false);
    expect(shipstation.isSigned({ ...hook, body: Buffer.from('{}') }, keys, now)).toBe(false);
  });

  it('WeChat Pay: bytes by time and nonce, but never its probes', () => {
    const note = { body: Buffer.from('{"id":"n1"}'), timestamp: AT, nonce: 'N', signature: rsa(`${AT}\nN\n{"id":"n1"}\n`) };
    expect(wechat.isSigned(note, pem)).toBe(true);
    expect(wechat.isSigned({ ...note, nonce: 'M' }, pem)).toBe(false);
    expect(wechat.isSigned({ ...note, signature: `WECHATPAY/SIGNTEST/${note.signature}` }, pem)).toBe(false);
    expect(wechat.isMessageSigned({ timestamp: AT, nonce: 'nonce', signature: 'd04c8b0987662f2891e512601c153c8f4b64aaba' }, 'TOKEN')).toBe(true);
    expect(wechat.isMessageSigned({ timestamp: AT, nonce: 'nonce', signature: 'd04c8b0987662f2891e512601c153c8f4b64aaba' }, 'OTHER')).toBe(false);
  });

  it('WeChat Pay: a resource opens with the 32 bytes of its key only', () => {
    const key = 'FAKE_APIv3_key_of_32_bytes_00000';
    const cipher = createCipheriv('aes-256-gcm', key, 'nonce0000012').setAAD(Buffer.from('transaction'));
    const ciphertext = Buffer.concat([cipher.update('{"mchid":"1"}'), cipher.final(), cipher.getAuthTag()]).toString('base64');
    const resource = { ciphertext, nonce: 'nonce0000012', associatedData: 'transaction' };
    expect(wechat.openResource(resource, key)).toBe('{"mchid":"1"}');
    expect(() => wechat.openResource({ ...resource, associatedData: '' }, key)).toThrow(/authenticate/);
    expect(() => wechat.openResource(resource, key.slice(16))).toThrow(RangeError);
  });

  it('Alipay: a notification by its form, an answer by the very text of its node', () => {
    const sign = rsa('app_id=2021&trade_no=1');
    expect(alipay.isNotifySigned({ trade_no: '1', app_id: '2021', sign_type: 'RSA2', sign, empty: '' }, pem)).toBe(true);
    expect(alipay.isNotifySigned({ trade_no: '1', app_id: '2021', sign_type: 'RSA2', sign: rsa('app_id=2021&sign_type=RSA2&trade_no=1') }, pem)).toBe(true);
    expect(alipay.isNotifySigned({ trade_no: '2', app_id: '2021', sign_type: 'RSA2', sign }, pem)).toBe(false);
    const node = '{"code":"10000", "note":"a } and a \\" {","inner":{"n":1.0}}';
    expect(alipay.signedNode(`{"alipay_trade_query_response": ${node},"sign":"s"}`, 'alipay.trade.query')).toBe(node);
    expect(alipay.signedNode('{"error_response":{}}', 'alipay.trade.query')).toBeNull();
    expect(alipay.signedNode('{"alipay_trade_query_response":{"open":1', 'alipay.trade.query')).toBeNull();
    expect(alipay.isAnswerSigned(node, rsa(node), pem)).toBe(true);
  });

  it('OAuth: a query in plain or in encoded values', () => {
    const query = { shop: 'tea house.myshoplaza.com', code: 'c', state: 'n' };
    expect(isQuerySigned({ ...query, hmac: '8efa02ab1e43a0c1d407c01aa7393b894987522038912c930fd5f6082b1c7692' }, OLDER)).toBe(true);
    expect(isQuerySigned({ ...query, state: 'm', hmac: '8efa02ab1e43a0c1d407c01aa7393b894987522038912c930fd5f6082b1c7692' }, OLDER)).toBe(false);
    expect(isQuerySigned(query, OLDER)).toBe(false);
  });
});
