import { gzipSync } from 'node:zlib';
import { createCipheriv, createHash, randomBytes, sign, verify } from 'node:crypto';
import { json } from '../json-answer.js';
import { PaymentStore, type StoredPayment } from '../payment-store.js';
import type { SandboxPlatform, SandboxRequest, SandboxResponse } from '../server/sandbox.js';
import type { StagedParcel } from '../stage.js';
import type { TestKeys } from '../test-keys.js';

export interface MerchantOptions { readonly appId: string; readonly appSecret: string; readonly mchid: string; readonly serialNo: string; readonly platformSerial: string; readonly apiV3Key: string; readonly merchant: TestKeys; readonly platform: TestKeys }

/** A merchant of WeChat Pay v3 and the mini-program that it is paid in. */
export class WechatMerchant {
  readonly store = new PaymentStore();
  /** Bills by their day, not yet packed. */
  readonly bills = new Map<string, Buffer>();
  readonly parcels = new Map<string, StagedParcel[]>();
  /** Payments of which nothing is left to send. */
  readonly sentWhole = new Set<string>();
  accessToken: string | null = 'FAKE_token_0';
  forging = false;
  #given = 0;

  constructor(readonly options: MerchantOptions) {}

  answer(request: SandboxRequest, now: number): SandboxResponse {
    if (request.host === 'api.weixin.qq.com') return this.#miniProgram(request);
    const refused = this.#refused(request, now);
    if (refused !== null) return json(401, { code: 'SIGN_ERROR', message: refused });
    // A file is not signed.
    if (request.path === '/v3/billdownload/file') return { status: 200, headers: { 'content-type': 'application/octet-stream' }, body: this.files.get(request.query.get('token') ?? '') ?? Buffer.alloc(0) };
    const answered = request.path === '/v3/bill/tradebill' ? this.#bill(request) : this.#pay(request);
    return this.#signed(answered, now);
  }

  /** What the platform posts when a payment has been made: sealed and signed. */
  notification(paymentId: string, now: number): { readonly headers: Readonly<Record<string, string>>; readonly body: string } {
    const nonce = randomBytes(6).toString('hex');
    const cipher = createCipheriv('aes-256-gcm', Buffer.from(this.options.apiV3Key), nonce);
    cipher.setAAD(Buffer.from('transaction'));
    const ciphertext = Buffer.concat([cipher.update(JSON.stringify(this.#transaction(this.store.payments.get(paymentId)!))), cipher.final(), cipher.getAuthTag()]).toString('base64');
    const body = JSON.stringify({
      id: `EV-${paymentId}`, create_time: new Date(now).toISOString(), resource_type: 'encrypt-resource', event_type: 'TRANSACTION.SUCCESS', summary: '支付成功',
      resource: { original_type: 'transaction', algorithm: 'AEAD_AES_256_GCM', ciphertext, associated_data: 'transaction', nonce },
    });
    return { headers: this.#signature(body, now), body };
  }

  #refused({ method, path, query, headers, body }: SandboxRequest, now: number): string | null {
    const { mchid, serialNo, merchant } = this.options;
    const fields = Object.fromEntries([...(headers['authorization'] ?? '').matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value!]));
    if (!(headers['authorization'] ?? '').startsWith('WECHATPAY2-SHA256-RSA2048 ') || fields['mchid'] !== mchid || fields['serial_no'] !== serialNo) return 'merchant';
    if (Math.abs(Number(fields['timestamp']) * 1000 - now) > 300_000) return 'timestamp';
    const search = query.toString();
    const text = [method, search === '' ? path : `${path}?${search}`, fields['timestamp'], fields['nonce_str'], body.toString(), ''].join('\n');
    return verify('sha256', Buffer.from(text), merchant.publicKey, Buffer.from(fields['signature'] ?? '', 'base64')) ? null : 'signature';
  }

  #signature(body: string, now: number): Record<string, string> {
    const [timestamp, nonce] = [String(Math.floor(now / 1000)), randomBytes(8).toString('hex')];
    const signature = sign('sha256', Buffer.from(`${timestamp}\n${nonce}\n${this.forging ? 'another body' : body}\n`), this.options.platform.privateKey).toString('base64');
    return { 'Wechatpay-Serial': this.options.platformSerial, 'Wechatpay-Timestamp': timestamp, 'Wechatpay-Nonce': nonce, 'Wechatpay-Signature': signature };
  }

  #signed(answered: SandboxResponse, now: number): SandboxResponse {
    return { ...answered, headers: { ...answered.headers, ...this.#signature(String(answered.body ?? ''), now) } };
  }

  #transaction({ id, platformId, totalMinor, currency, payer, state, refunds }: StoredPayment): object {
    const trade_state = Object.keys(refunds).length > 0 ? 'REFUND' : { PENDING: 'NOTPAY', PAID: 'SUCCESS', CLOSED: 'CLOSED' }[state];
    return { appid: this.options.appId, mchid: this.options.mchid, out_trade_no: id, ...(state === 'PAID' && { transaction_id: platformId }), trade_state, trade_type: 'JSAPI', payer: { openid: payer }, amount: { total: totalMinor, payer_total: totalMinor, currency } };
  }

  #pay(request: SandboxRequest): SandboxResponse {
    const input = request.body.length === 0 ? {} : JSON.parse(request.body.toString()) as Readonly<Record<string, never>>;
    const [, id, close] = /^\/v3\/pay\/transactions\/out-trade-no\/([^/]+)(\/close)?$/.exec(request.path) ?? [];
    if (request.path === '/v3/pay/transactions/jsapi') return this.#begin(input);
    if (request.path === '/v3/refund/domestic/refunds') return this.#refund(input);
    const payment = this.store.payments.get(id ?? '');
    if (payment === undefined) return json(404, { code: 'ORDER_NOT_EXIST', message: '订单不存在' });
    if (close === undefined) return json(200, this.#transaction(payment));
    if (payment.state === 'PAID') return json(400, { code: 'ORDERPAID', message: '该订单已支付' });
    payment.state = 'CLOSED';
    return { status: 204 };
  }

  readonly files = new Map<string, Buffer>();

  #bill({ query }: SandboxRequest): SandboxResponse {
    const day = query.get('bill_date') ?? '';
    const bill = this.bills.get(day);
    if (bill === undefined) return json(400, { code: 'NO_STATEMENT_EXIST', message: '账单文件不存在' });
    const packed = this.files.get(day) ?? gzipSync(bill);
    this.files.set(day, packed);
    return json(200, { hash_type: 'SHA1', hash_value: createHash('sha1').update(bill).digest('hex'), download_url: `https://api.mch.weixin.qq.com/v3/billdownload/file?token=${day}` });
  }

  #begin(input: Readonly<Record<string, unknown>>): SandboxResponse {
    const { appid, mchid, out_trade_no: id, amount, payer, notify_url: notifyUrl } = input as { appid: string; mchid: string; out_trade_no: string; amount: { total: number; currency: string }; payer: { openid: string }; notify_url: string };
    if (appid !== this.options.appId || mchid !== this.options.mchid) return json(400, { code: 'APPID_MCHID_NOT_MATCH', message: 'appid和mch_id不匹配' });
    if (!/^[\w|*-]{6,32}$/.test(id) || !Number.isInteger(amount.total) || !payer.openid || !notifyUrl.startsWith('https://')) return json(400, { code: 'PARAM_ERROR', message: '参数错误' });
    const known = this.store.payments.get(id);
    if (known?.state === 'PAID') return json(400, { code: 'ORDERPAID', message: '该订单已支付' });
    this.store.begin(id, `42000${String(this.store.payments.size).padStart(23, '0')}`, amount.total, amount.currency, payer.openid);
    return json(200, { prepay_id: `wx_${id}` });
  }

  #refund(input: Readonly<Record<string, unknown>>): SandboxResponse {
    const { out_trade_no: id, out_refund_no: refundId, amount } = input as { out_trade_no: string; out_refund_no: string; amount: { refund: number; total: number } };
    const payment = this.store.payments.get(id);
    if (payment === undefined) return json(404, { code: 'RESOURCE_NOT_EXISTS', message: '订单不存在' });
    if (amount.total !== payment.totalMinor || !this.store.refund(payment, refundId, amount.refund)) return json(400, { code: 'INVALID_REQUEST', message: '退款金额错误' });
    return json(200, { refund_id: `50${refundId}`, out_refund_no: refundId, status: 'PROCESSING', amount: { refund: amount.refund, total: amount.total } });
  }

  #miniProgram({ path, query, body }: SandboxRequest): SandboxResponse {
    const input = JSON.parse(body.toString()) as Readonly<Record<string, never>>;
    if (path === '/cgi-bin/stable_token') {
      if (input['appid'] !== this.options.appId || input['secret'] !== this.options.appSecret) return json(200, { errcode: 40125, errmsg: 'invalid appsecret' });
      this.#given += 1;
      this.accessToken = `FAKE_token_${this.#given}`;
      return json(200, { access_token: this.accessToken, expires_in: 7200 });
    }
    if (this.accessToken === null || query.get('access_token') !== this.accessToken) return json(200, { errcode: 42001, errmsg: 'access_token expired' });
    const shipped = (id: string): StagedParcel[] => this.parcels.get(id) ?? [];
    switch (path) {
      case '/wxa/sec/order/is_trade_managed': return json(200, { errcode: 0, errmsg: 'ok', is_trade_managed: true });
      case '/wxa/sec/order/get_order': return json(200, { errcode: 0, order: { merchant_trade_no: input['merchant_trade_no'], order_state: 1, shipping: { shipping_list: shipped(input['merchant_trade_no'] ?? '').map(({ number, carrier }) => ({ tracking_no: number, express_company: carrier })) } } });
      case '/wxa/sec/order/upload_shipping_info': {
        const { order_key: key, shipping_list: list, payer, upload_time: at, delivery_mode: mode, is_all_delivered: isLast } = input as unknown as { delivery_mode: number; is_all_delivered?: boolean; order_key: { order_number_type: number; mchid: string; out_trade_no: string }; shipping_list: { tracking_no: string; express_company: string; item_desc: string; contact?: { receiver_contact?: string; consignor_contact?: string } }[]; payer: { openid: string }; upload_time: string };
        const payment = this.store.payments.get(key.out_trade_no);
        if (payment?.state !== 'PAID' || payment.payer !== payer.openid || Number.isNaN(Date.parse(at))) return json(200, { errcode: 10060001, errmsg: '支付单不存在' });
        const fault = shippingFault({ mode, isLast, before: shipped(payment.id), isOver: this.sentWhole.has(payment.id), list });
        if (fault !== null) return json(200, fault);
        if (mode === 1 || isLast === true) this.sentWhole.add(payment.id);
        this.parcels.set(payment.id, [...shipped(payment.id), ...list.map(({ tracking_no, express_company }) => ({ number: tracking_no, carrier: express_company }))]);
        return json(200, { errcode: 0, errmsg: 'ok' });
      }
      default: return { status: 404 };
    }
  }
}

const MASKED_CONTACT = /^(\+\d{1,3}-)?\d{0,7}\*{4}\d{0,4}$/;

/** What WeChat refuses of a shipping notice: more after the whole, one parcel after several, SF without whom to call. */
function shippingFault({ mode, isLast, before, isOver, list }: {
  readonly mode: number; readonly isLast: boolean | undefined; readonly before: readonly StagedParcel[]; readonly isOver: boolean;
  readonly list: readonly { readonly tracking_no: string; readonly express_company: string; readonly item_desc: string; readonly contact?: { readonly receiver_contact?: string; readonly consignor_contact?: string } }[];
}): { readonly errcode: number; readonly errmsg: string } | null {
  if (isOver) return { errcode: 10060003, errmsg: '支付单已完成发货，无法继续发货' };
  if (mode !== 1 && mode !== 2 || mode === 2 && typeof isLast !== 'boolean' || mode === 1 && (list.length !== 1 || before.length > 0)) return { errcode: 10060004, errmsg: '发货模式非法' };
  if (list.length < 1 || list.length > 15 || list.some(({ item_desc: what, tracking_no: number }) => !what || before.some((one) => one.number === number))) return { errcode: 10060012, errmsg: '系统错误' };
  const unreachable = list.some(({ express_company: carrier, contact }) => carrier === 'SF' && !MASKED_CONTACT.test(contact?.receiver_contact ?? contact?.consignor_contact ?? ''));
  return unreachable ? { errcode: 10060014, errmsg: '参数错误：顺丰须填写联系方式' } : null;
}

export const wechatSandbox = (merchant: WechatMerchant, now: () => number = Date.now): SandboxPlatform =>
  ({ name: 'wechat', owns: (host) => host === 'api.mch.weixin.qq.com' || host === 'api.weixin.qq.com', answer: (request) => merchant.answer(request, now()) });
