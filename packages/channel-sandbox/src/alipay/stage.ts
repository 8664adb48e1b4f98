import { sign } from 'node:crypto';
import type { Stage } from '../stage.js';
import { testKeys } from '../test-keys.js';
import { alipayBill } from './bill.js';
import { AlipayMerchant, alipaySandbox } from './merchant.js';

/** A merchant of Alipay. */
export function alipayStage(): Stage {
  const [merchantKeys, platformKeys] = [testKeys('alipay merchant'), testKeys('alipay platform')];
  const merchant = new AlipayMerchant('2021000000000001', merchantKeys, platformKeys);
  return {
    platform: alipaySandbox(merchant), shopDomain: merchant.appId,
    settings: { appId: merchant.appId }, secrets: { privateKey: merchantKeys.privateLine, alipayKey: platformKeys.publicLine }, wrongSecrets: { privateKey: testKeys('somebody else').privateLine },
    throttled: { status: 200, body: '{"error_response":{"code":"40005","msg":"Call Limited","sub_code":"isv.call-limited","sub_msg":"limited"}}' },
    push: (n) => {
      const form: Readonly<Record<string, string>> = { app_id: merchant.appId, notify_id: `n-${n}`, out_trade_no: `pay-${n}`, total_amount: '85.50', trade_status: 'TRADE_SUCCESS' };
      const text = Object.keys(form).sort().map((name) => `${name}=${form[name]!}`).join('&');
      const signed = new URLSearchParams({ ...form, sign_type: 'RSA2', sign: sign('sha256', Buffer.from(text), platformKeys.privateKey).toString('base64') });
      return { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: signed.toString() };
    },
    pay: (id) => merchant.store.pay(id),
    refundsOf: (id) => merchant.store.payments.get(id)!.refunds,
    bill: (day, lines) => { merchant.bills.set(day, alipayBill(day, lines)); },
    spoilBill: (day, file) => { merchant.bills.set(day, file); },
    forge: () => { merchant.forging = true; },
  };
}
