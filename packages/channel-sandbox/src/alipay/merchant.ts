import { sign, verify } from 'node:crypto';
import { PaymentStore, type StoredPayment } from '../payment-store.js';
import type { SandboxPlatform, SandboxRequest, SandboxResponse } from '../server/sandbox.js';
import type { TestKeys } from '../test-keys.js';

const yuan = (fen: number): string => (fen / 100).toFixed(2);
const fen = (text: string): number => Math.round(Number(text) * 100);
interface Refusal { readonly code: string; readonly subCode: string }
const refusal = (subCode: string, code = '40004'): Refusal => ({ code, subCode });

/** A merchant of Alipay. Slashes in its answers are escaped, as the real one's are: whoever writes the JSON anew breaks the signature. */
export class AlipayMerchant {
  readonly store = new PaymentStore();
  forging = false;
  /** Zips by their day. */
  readonly bills = new Map<string, Buffer>();

  constructor(readonly appId: string, readonly merchant: TestKeys, readonly platform: TestKeys) {}

  answer(request: SandboxRequest, now: number): SandboxResponse {
    if (request.host === 'dwbillcenter.alipay.com') return { status: 200, headers: { 'content-type': 'application/zip' }, body: this.bills.get(request.query.get('bizType') ?? '') ?? Buffer.alloc(0) };
    const form = Object.fromEntries(new URLSearchParams(request.body.toString())) as Readonly<Record<string, string>>;
    const { method = '', sign: signature = '', timestamp = '', biz_content: business = '{}' } = form;
    const text = Object.keys(form).filter((name) => name !== 'sign' && form[name] !== '').sort().map((name) => `${name}=${form[name]}`).join('&');
    if (request.path !== '/gateway.do' || form['sign_type'] !== 'RSA2') return this.#say(method, refusal('isv.invalid-signature-type', '40002'));
    if (form['app_id'] !== this.appId) return this.#say(method, refusal('isv.invalid-app-id', '40002'));
    if (!verify('sha256', Buffer.from(text), this.merchant.publicKey, Buffer.from(signature, 'base64'))) return this.#say(method, refusal('isv.invalid-signature', '40002'));
    if (Math.abs(Date.parse(`${timestamp.replace(' ', 'T')}+08:00`) - now) > 900_000) return this.#say(method, refusal('isv.invalid-timestamp', '40002'));
    return this.#say(method, this.#call(method, JSON.parse(business) as Readonly<Record<string, string>>));
  }

  #say(method: string, result: Refusal | Readonly<Record<string, string>>): SandboxResponse {
    const node = 'subCode' in result ? { code: result.code, msg: 'Business Failed', sub_code: result.subCode, sub_msg: 'see https://opendocs.alipay.com/' } : { code: '10000', msg: 'Success', ...result };
    const text = JSON.stringify(node).replaceAll('/', '\\/');
    const signature = sign('sha256', Buffer.from(this.forging ? `${text} ` : text), this.platform.privateKey).toString('base64');
    return { status: 200, headers: { 'content-type': 'text/html;charset=utf-8' }, body: `{"${method.replaceAll('.', '_')}_response":${text},"sign":"${signature}"}` };
  }

  #call(method: string, input: Readonly<Record<string, string>>): Refusal | Readonly<Record<string, string>> {
    const id = input['out_trade_no'] ?? '';
    if (method === 'alipay.trade.create') {
      if (!/^\d+\.\d\d$/.test(input['total_amount'] ?? '') || !input['buyer_open_id']) return refusal('ACQ.INVALID_PARAMETER');
      const { platformId } = this.store.begin(id, `20260301220014${String(this.store.payments.size).padStart(14, '0')}`, fen(input['total_amount']!), 'CNY', input['buyer_open_id']);
      return { out_trade_no: id, trade_no: platformId };
    }
    if (method === 'alipay.data.dataservice.bill.downloadurl.query') {
      const day = input['bill_date'] ?? '';
      return this.bills.has(day) ? { bill_download_url: `https://dwbillcenter.alipay.com/downloadBillFile.resource?bizType=${day}` } : refusal('isp.bill_not_exist');
    }
    const payment = this.store.payments.get(id);
    if (payment === undefined) return refusal('ACQ.TRADE_NOT_EXIST');
    switch (method) {
      case 'alipay.trade.query': return this.#query(payment);
      case 'alipay.trade.close': {
        if (payment.state !== 'PENDING') return refusal('ACQ.TRADE_STATUS_ERROR');
        payment.state = 'CLOSED';
        return { out_trade_no: id, trade_no: payment.platformId };
      }
      case 'alipay.trade.refund': {
        const known = payment.refunds[input['out_request_no'] ?? ''] !== undefined;
        if (!this.store.refund(payment, input['out_request_no'] ?? '', fen(input['refund_amount'] ?? '0'))) return refusal('ACQ.REFUND_AMT_NOT_EQUAL_TOTAL');
        return { out_trade_no: id, fund_change: known ? 'N' : 'Y', refund_fee: yuan(this.store.refunded(payment)) };
      }
      case 'alipay.trade.fastpay.refund.query': return payment.refunds[input['out_request_no'] ?? ''] === undefined ? {} : { out_request_no: input['out_request_no']!, refund_status: 'REFUND_SUCCESS' };
      default: return refusal('isv.method-not-exist', '40002');
    }
  }

  #query(payment: StoredPayment): Readonly<Record<string, string>> {
    const isPaid = payment.state === 'PAID';
    const isBack = isPaid && this.store.refunded(payment) === payment.totalMinor;
    return {
      out_trade_no: payment.id, trade_no: payment.platformId, total_amount: yuan(payment.totalMinor),
      trade_status: isBack || payment.state === 'CLOSED' ? 'TRADE_CLOSED' : isPaid ? 'TRADE_SUCCESS' : 'WAIT_BUYER_PAY', ...(isPaid && { send_pay_date: '2026-03-01 12:00:00' }),
    };
  }
}

export const alipaySandbox = (merchant: AlipayMerchant, now: () => number = Date.now): SandboxPlatform =>
  ({ name: 'alipay', owns: (host) => host === 'openapi.alipay.com' || host === 'dwbillcenter.alipay.com', answer: (request) => merchant.answer(request, now()) });
