import { json } from '../json-answer.js';
import type { Stage } from '../stage.js';
import { testKeys } from '../test-keys.js';
import { wechatBill } from './bill.js';
import { WechatMerchant, wechatSandbox } from './merchant.js';

/** A mini-program and its merchant. Orders are known by their payments: the n-th is paid as soon as it is there. */
export function wechatStage(): Stage {
  const [merchantKeys, platformKeys] = [testKeys('wechat merchant'), testKeys('wechat platform')];
  const merchant = new WechatMerchant({
    appId: 'wx000000000000fa01', appSecret: 'fakeappsecret000000000000000000a', mchid: '1900000001', serialNo: 'FA5E41A1', platformSerial: 'PUB_KEY_ID_FAKE01',
    apiV3Key: 'FAKE-APIv3-KEY-quanyu-32-bytes-x', merchant: merchantKeys, platform: platformKeys,
  });
  const { appId, appSecret, mchid, serialNo, platformSerial, apiV3Key } = merchant.options;
  return {
    platform: wechatSandbox(merchant), shopDomain: appId,
    settings: { appId, mchid, serialNo, platformSerial },
    secrets: { appSecret, apiV3Key, privateKey: merchantKeys.privateLine, platformKey: platformKeys.publicLine, accessToken: 'FAKE_token_0' }, wrongSecrets: { privateKey: testKeys('somebody else').privateLine },
    throttled: json(429, { code: 'FREQUENCY_LIMITED', message: '频率超限' }, { 'retry-after': '0.05' }),
    expire: () => { merchant.accessToken = null; },
    order: (n) => {
      const id = `pay0000000000000000000000000${String(n).padStart(3, '0')}`;
      merchant.store.begin(id, `42000${n}`, 8550, 'CNY', 'oFAKEOPENID');
      merchant.store.pay(id);
      return id;
    },
    parcelsOf: (id) => merchant.parcels.get(id) ?? [],
    push: (n, at) => {
      const id = `pay1000000000000000000000000${String(n).padStart(4, '0')}`;
      merchant.store.begin(id, `43000${n}`, 8550, 'CNY', 'oFAKEOPENID');
      merchant.store.pay(id);
      return merchant.notification(id, at.getTime());
    },
    pay: (id) => merchant.store.pay(id),
    refundsOf: (id) => merchant.store.payments.get(id)!.refunds,
    bill: (day, lines) => { merchant.bills.set(day, Buffer.from(wechatBill(day, lines))); },
    spoilBill: (day, file) => { merchant.files.set(day, file); },
    forge: () => { merchant.forging = true; },
  };
}
