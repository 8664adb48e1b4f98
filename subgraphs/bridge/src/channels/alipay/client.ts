import { createPrivateKey } from 'node:crypto';
import { money, parseDecimal, toDecimal } from '@quanyu/money';
import { PlatformError } from '../../outbound/platform-error.js';
import { answerObject, type JsonObject } from '../asking/answer-object.js';
import { toBeijing } from '../reading/beijing-time.js';
import type { Client, ClientContext, Connector, FoundPayment, PaymentToStart, RefundState, RefundToMake, StartedPayment } from '../connector.js';
import { KEY_FORM, pemOf } from '../signing/pem.js';
import { platformCodeOf } from '../asking/platform-code.js';
import { unlessGone } from '../asking/unless-gone.js';
import { downloadBill } from './bill.js';
import { isAnswerSigned, signedNode, signRequest } from './signer.js';

const GATEWAY = 'https://openapi.alipay.com/gateway.do';
const KEY_SUB_CODES = /^(isv\.(invalid-signature|invalid-app-id|missing-signature|app-auth|insufficient-isv-permissions)|aop\.)/;

/** Alipay's payments. Amounts are yuan in text, answers are signed over their very bytes. */
export const alipayConnector: Connector = {
  fields: [
    { name: 'appId', secret: false, form: /^\d{16}$/ },
    { name: 'privateKey', secret: true, form: KEY_FORM },
    { name: 'alipayKey', secret: true, form: KEY_FORM },
  ],
  capabilities: ['startPayment', 'findPayment', 'closePayment', 'refundPayment', 'downloadBill'],
  bill: { readyHour: 10, utcOffset: 8 },
  stock: null,
  rate: { burst: 50, perSecond: 50 },
  pull: null,
  open: (context): Client => ({
    check: async () => {
      await findPayment(context, 'connection-check');
      return { shopName: context.account.settings['appId'] ?? '', apiVersion: '1.0' };
    },
    startPayment: (payment) => startPayment(context, payment),
    findPayment: (paymentId) => findPayment(context, paymentId),
    closePayment: (paymentId) => closePayment(context, paymentId),
    refundPayment: (refund) => refundPayment(context, refund),
    downloadBill: (day) => downloadBill(context, day, (method, business) => call(context, method, business)),
  }),
};

interface Node extends JsonObject { readonly code: string; readonly sub_code?: string }

async function call({ account, line, now }: ClientContext, method: string, business: object, notifyUrl?: string): Promise<JsonObject> {
  const parameters = {
    app_id: account.settings['appId'] ?? '', method, format: 'JSON', charset: 'utf-8', sign_type: 'RSA2', timestamp: toBeijing(now()), version: '1.0',
    ...(notifyUrl !== undefined && { notify_url: notifyUrl }), biz_content: JSON.stringify(business),
  };
  const sign = signRequest(parameters, createPrivateKey(pemOf('PRIVATE KEY', account.secrets['privateKey'] ?? '')));
  let node: Node | undefined;
  await line.send({
    method: 'POST', url: `${GATEWAY}?charset=utf-8`, headers: { 'content-type': 'application/x-www-form-urlencoded;charset=utf-8' }, body: new URLSearchParams({ ...parameters, sign }).toString(),
    // Each of these carries a number of ours, by which it counts once.
    repeatable: true,
    judge: ({ status, body }) => {
      if (status !== 200) return undefined;
      const read = answerObject(body) as { error_response?: Node; sign?: string };
      if (read.error_response !== undefined) return refusalOf(read.error_response);
      const text = signedNode(body.toString(), method);
      if (text === null || !isAnswerSigned(text, read.sign ?? '', pemOf('PUBLIC KEY', account.secrets['alipayKey'] ?? ''))) return new PlatformError('ANSWER_INVALID', { platformCode: 'SIGNATURE' });
      node = answerObject(Buffer.from(text)) as Node;
      return node.code === '10000' ? undefined : refusalOf(node);
    },
  });
  if (node === undefined) throw new PlatformError('ANSWER_INVALID');
  return node;
}

function refusalOf({ code, sub_code: subCode = '' }: Node): PlatformError {
  const details = { platformCode: platformCodeOf(code, subCode) };
  if (KEY_SUB_CODES.test(subCode) || code === '20001') return new PlatformError('CREDENTIALS_REFUSED', details);
  if (code === '40005' || /limit/i.test(subCode)) return new PlatformError('THROTTLED', { ...details, retryAfterMs: 1_000 });
  if (code === '20000' || subCode === 'ACQ.SYSTEM_ERROR') return new PlatformError('PLATFORM_DOWN', details);
  return new PlatformError(subCode === 'ACQ.TRADE_NOT_EXIST' ? 'NOT_FOUND' : 'REQUEST_REFUSED', details);
}

const yuan = (amountMinor: number, currency: string): string => toDecimal(money(amountMinor, currency));

async function startPayment(context: ClientContext, { paymentId, description, amountMinor, currency, payer, notifyUrl, expiresAt }: PaymentToStart): Promise<StartedPayment> {
  const { trade_no: tradeNo } = await call(context, 'alipay.trade.create', {
    out_trade_no: paymentId, subject: description.slice(0, 256), total_amount: yuan(amountMinor, currency), buyer_open_id: payer, time_expire: toBeijing(expiresAt), product_code: 'JSAPI_PAY',
  }, notifyUrl) as { trade_no?: string };
  if (!tradeNo) throw new PlatformError('ANSWER_INVALID');
  return { handOver: { tradeNO: tradeNo } };
}

interface Trade { readonly trade_no?: string; readonly trade_status?: string; readonly total_amount?: string; readonly send_pay_date?: string }

async function findPayment(context: ClientContext, paymentId: string): Promise<FoundPayment | null> {
  const trade = await unlessGone(call(context, 'alipay.trade.query', { out_trade_no: paymentId }));
  if (trade === null) return null;
  const { trade_no: tradeNo, trade_status: status, total_amount: total = '', send_pay_date: paid } = trade as Trade;
  // Closed after it was paid: all of it went back.
  const state = status === 'TRADE_SUCCESS' || status === 'TRADE_FINISHED' ? 'PAID' : status === 'TRADE_CLOSED' ? paid ? 'REFUNDED' : 'CLOSED' : 'PENDING';
  return { paymentId, platformPaymentId: tradeNo ?? null, state, amountMinor: parseDecimal(total, 'CNY').amountMinor, currency: 'CNY' };
}

async function closePayment(context: ClientContext, paymentId: string): Promise<'CLOSED' | 'ALREADY_PAID'> {
  try {
    await call(context, 'alipay.trade.close', { out_trade_no: paymentId });
    return 'CLOSED';
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    if (error.code === 'NOT_FOUND') return 'CLOSED';
    if (error.details.platformCode?.endsWith('ACQ.TRADE_STATUS_ERROR') !== true) throw error;
    return (await findPayment(context, paymentId))?.state === 'CLOSED' ? 'CLOSED' : 'ALREADY_PAID';
  }
}

async function refundPayment(context: ClientContext, { paymentId, refundId, amountMinor, currency, reason }: RefundToMake): Promise<RefundState> {
  await call(context, 'alipay.trade.refund', { out_trade_no: paymentId, out_request_no: refundId, refund_amount: yuan(amountMinor, currency), refund_reason: reason.slice(0, 256) });
  // Accepted is not moved: whether the money went is asked for by the refund's own number.
  const { refund_status: status } = await call(context, 'alipay.trade.fastpay.refund.query', { out_trade_no: paymentId, out_request_no: refundId }) as { refund_status?: string };
  return status === 'REFUND_SUCCESS' ? 'DONE' : 'PENDING';
}
