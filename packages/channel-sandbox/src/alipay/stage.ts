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
    pay: (id) => merchant.store.pay(id),
    refundsOf: (id) => merchant.store.payments.get(id)!.refunds,
    bill: (day, lines) => { merchant.bills.set(day, alipayBill(day, lines)); },
    spoilBill: (day, file) => { merchant.bills.set(day, file); },
    forge: () => { merchant.forging = true; },
  };
}
