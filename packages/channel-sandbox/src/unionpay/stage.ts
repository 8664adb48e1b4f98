import type { Stage } from '../stage.js';
import { testKeys } from '../test-keys.js';
import { certificate, pem } from './certificate.js';
import { UnionpayMerchant, unionpaySandbox } from './merchant.js';

const DAY = 86_400_000;
const OWNER = '041@8310000000083040@中国银联股份有限公司@00016494';

/** A merchant of UnionPay, and the chain of certificates that it was given. */
export function unionpayStage(): Stage & { readonly merchant: UnionpayMerchant; readonly leaf: (over?: { readonly subject?: string; readonly from?: Date; readonly to?: Date; readonly by?: string }) => string } {
  const [merchantKeys, rootKeys, middleKeys, platformKeys] = [testKeys('unionpay merchant'), testKeys('unionpay root'), testKeys('unionpay middle'), testKeys('unionpay platform')];
  const valid = { from: new Date(Date.now() - DAY), to: new Date(Date.now() + 365 * DAY) };
  const root = certificate({ subject: 'FAKE ROOT', issuer: 'FAKE ROOT', publicKey: rootKeys.publicKey, issuerKey: rootKeys.privateKey, serial: 1n, ...valid });
  const middle = certificate({ subject: 'FAKE OCA', issuer: 'FAKE ROOT', publicKey: middleKeys.publicKey, issuerKey: rootKeys.privateKey, serial: 2n, ...valid });
  const leaf = ({ by = 'unionpay middle', ...over }: { readonly subject?: string; readonly from?: Date; readonly to?: Date; readonly by?: string } = {}): string =>
    pem(certificate({ subject: OWNER, issuer: 'FAKE OCA', publicKey: platformKeys.publicKey, issuerKey: testKeys(by).privateKey, serial: 78984568921n, ...valid, ...over }));
  const certId = '69597475696';
  const merchant = new UnionpayMerchant({ merId: '777290058110048', certId, merchant: merchantKeys, platformKey: platformKeys.privateKey, platformCertificate: leaf() });
  const numberOf = (id: string): string => id.replace('_', '');
  return {
    merchant, leaf,
    platform: unionpaySandbox(merchant), shopDomain: merchant.options.merId,
    settings: { merId: merchant.options.merId, certId, gateway: 'gateway.95516.com', rootCertificate: root, middleCertificate: middle },
    secrets: { privateKey: merchantKeys.privateLine }, wrongSecrets: { privateKey: testKeys('somebody else').privateLine },
    throttled: merchant.say({ merId: merchant.options.merId }, '37'),
    push: (n) => ({ headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: merchant.notification(numberOf(`pay_${String(n).padStart(26, '0')}`), { queryId: `53100000000000000000${n}` }) }),
    pay: (id) => merchant.store.pay(numberOf(id)),
    refundsOf: (id) => Object.fromEntries(Object.entries(merchant.store.payments.get(numberOf(id))!.refunds).map(([number, amount]) => [number.replace(/^rfd/, 'rfd_'), amount])),
    forge: () => { merchant.forging = true; },
  };
}
