import { createHash, sign, verify, type KeyObject } from 'node:crypto';
import { PaymentStore, type StoredPayment } from '../payment-store.js';
import type { SandboxPlatform, SandboxRequest, SandboxResponse } from '../server/sandbox.js';
import type { TestKeys } from '../test-keys.js';

type Fields = Readonly<Record<string, string>>;
interface Kept { readonly payment: StoredPayment; readonly txnTime: string; readonly payTimeout: string }
interface KeptRefund { readonly fields: Fields; state: string }

/** What is signed: each field but the signature, in the order of their names, digested in hex. */
const digestOf = (fields: Fields): Buffer => Buffer.from(createHash('sha256').update(Object.keys(fields).filter((name) => name !== 'signature').sort().map((name) => `${name}=${fields[name]}`).join('&')).digest('hex'));
const instantOf = (time: string): number => Date.parse(`${time.slice(0, 4)}-${time.slice(4, 6)}-${time.slice(6, 8)}T${time.slice(8, 10)}:${time.slice(10, 12)}:${time.slice(12, 14)}+08:00`);
const TIME = /^20\d{12}$/;
const ORDER = /^[0-9A-Za-z]{8,40}$/;
const PATIENCE_MS = 15 * 60_000;

export interface UnionpayOptions {
  readonly merId: string;
  readonly certId: string;
  readonly merchant: TestKeys;
  readonly platformKey: KeyObject;
  /** In PEM, as it goes with each answer. */
  readonly platformCertificate: string;
}

/** A merchant of UnionPay's ACP 5.1.0. It knows a transaction by its number and its second, and a payment only once somebody has tried to make it. */
export class UnionpayMerchant {
  readonly store = new PaymentStore();
  readonly #kept = new Map<string, Kept>();
  readonly #refunds = new Map<string, KeptRefund>();
  forging = false;
  /** From now on refunds are taken and not yet done. */
  slowRefunds = false;

  constructor(readonly options: UnionpayOptions) {}

  answer(request: SandboxRequest, now: number): SandboxResponse {
    const form = Object.fromEntries(new URLSearchParams(request.body.toString())) as Fields;
    const { signature = '', version, encoding, signMethod, accessType, merId, certId = '', orderId = '', txnTime = '' } = form;
    if (request.method !== 'POST' || version !== '5.1.0' || encoding !== 'UTF-8' || signMethod !== '01' || accessType !== '0') return this.say({}, '10');
    if (Object.values(form).some((value) => value === '')) return this.say(form, '10');
    // Who signs wrongly is told so without a signature.
    const isGood = merId === this.options.merId && certId === this.options.certId && verify('sha256', digestOf(form), this.options.merchant.publicKey, Buffer.from(signature, 'base64'));
    if (!isGood) return { status: 200, body: 'respCode=11&respMsg=验证签名失败[9100004]' };
    if (!ORDER.test(orderId) || !TIME.test(txnTime)) return this.say(form, '10');
    const key = `${orderId} ${txnTime}`;
    if (request.path === '/gateway/api/queryTrans.do') return this.#query(form, key);
    if (Math.abs(instantOf(txnTime) - now) > PATIENCE_MS) return this.say(form, '39');
    if (request.path === '/gateway/api/appTransReq.do' && form['txnType'] === '01') return this.#start(form, key, now);
    if (request.path === '/gateway/api/backTransReq.do' && form['txnType'] === '04') return this.#refund(form, key);
    return this.say(form, '13');
  }

  /** An answer as UnionPay sends it: nothing in it is encoded. */
  say(form: Fields, respCode: string, more: Fields = {}): SandboxResponse {
    const { signature: _signature, certId: _certId, ...echoed } = form;
    return { status: 200, headers: { 'content-type': 'text/html;charset=UTF-8' }, body: Object.entries(this.#signed({ ...echoed, ...more, respCode, respMsg: `${respCode === '00' ? '成功' : '失败'}[00000${respCode}]`, reserved: '{a=1&b=2}' })).map(([name, value]) => `${name}=${value}`).join('&') };
  }

  #signed(fields: Fields): Fields {
    const all: Fields = { merId: this.options.merId, ...fields, version: '5.1.0', encoding: 'UTF-8', signMethod: '01', signPubKeyCert: this.options.platformCertificate };
    return { ...all, signature: sign('sha256', this.forging ? digestOf({ ...all, forged: '1' }) : digestOf(all), this.options.platformKey).toString('base64') };
  }

  #start(form: Fields, key: string, now: number): SandboxResponse {
    const { orderId = '', txnAmt = '', currencyCode, payTimeout = '', backUrl = '', channelType, bizType, txnTime = '' } = form;
    if (!/^[1-9]\d{0,11}$/.test(txnAmt) || currencyCode !== '156' || !TIME.test(payTimeout) || !/^https?:\/\//.test(backUrl) || channelType !== '08' || bizType !== '000201') return this.say(form, '10');
    if (instantOf(payTimeout) <= now) return this.say(form, '39');
    const known = this.#kept.get(key);
    if (known !== undefined && (known.payment.state !== 'PENDING' || String(known.payment.totalMinor) !== txnAmt)) return this.say(form, '12');
    const payment = known?.payment ?? this.store.begin(orderId, `93${String(this.store.payments.size).padStart(19, '0')}`, Number(txnAmt), 'CNY', '');
    this.#kept.set(key, { payment, txnTime, payTimeout });
    return this.say(form, '00', { tn: `5${payment.platformId}` });
  }

  #query(form: Fields, key: string): SandboxResponse {
    const refund = this.#refunds.get(key);
    if (refund !== undefined) return this.say(form, '00', { txnType: '04', txnAmt: refund.fields['txnAmt']!, currencyCode: '156', origRespCode: refund.state, queryId: `94${refund.fields['orderId']!.slice(-19)}` });
    const kept = this.#kept.get(key);
    if (kept === undefined || kept.payment.state === 'PENDING') return this.say(form, '34');
    return this.say(form, '00', { txnType: '01', txnAmt: String(kept.payment.totalMinor), currencyCode: '156', origRespCode: '00', origRespMsg: '成功[0000000]', queryId: kept.payment.platformId });
  }

  #refund(form: Fields, key: string): SandboxResponse {
    const { orderId = '', origQryId, txnAmt = '' } = form;
    if (this.#refunds.has(key)) return this.say(form, '12');
    const payment = [...this.store.payments.values()].find(({ platformId, state }) => platformId === origQryId && state === 'PAID');
    if (payment === undefined || !/^[1-9]\d{0,11}$/.test(txnAmt) || payment.refunds[orderId] !== undefined || !this.store.refund(payment, orderId, Number(txnAmt))) return this.say(form, '36');
    this.#refunds.set(key, { fields: form, state: this.slowRefunds ? '05' : '00' });
    return this.say(form, '00');
  }

  /** The form that it posts once a payment has been made. */
  notification(orderId: string, over: Fields = {}): string {
    const kept = [...this.#kept.values()].find(({ payment }) => payment.id === orderId);
    const { payment: { platformId = '', totalMinor = 0 } = {}, txnTime = '20260301120000' } = kept ?? {};
    return new URLSearchParams(this.#signed({
      txnType: '01', txnSubType: '01', bizType: '000201', accessType: '0', orderId, txnTime, txnAmt: String(totalMinor), settleAmt: String(totalMinor), currencyCode: '156', settleCurrencyCode: '156',
      queryId: platformId, traceNo: '000001', traceTime: '0301120000', respCode: '00', respMsg: '成功[0000000]', ...over,
    })).toString();
  }
}

export const unionpaySandbox = (merchant: UnionpayMerchant, now: () => number = Date.now): SandboxPlatform =>
  ({ name: 'unionpay', owns: (host) => host === 'gateway.95516.com' || host === 'gateway.test.95516.com', answer: (request) => merchant.answer(request, now()) });
