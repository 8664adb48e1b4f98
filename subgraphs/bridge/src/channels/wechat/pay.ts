import { createPrivateKey, randomBytes } from 'node:crypto';
import { PlatformError } from '../../outbound/platform-error.js';
import type { PlatformAnswer } from '../../outbound/outbound.js';
import { answerObject, type JsonObject } from '../asking/answer-object.js';
import type { ClientContext, FoundPayment, PaymentToStart, RefundState, RefundToMake, StartedPayment } from '../connector.js';
import { pemOf } from '../signing/pem.js';
import { platformCodeOf } from '../asking/platform-code.js';
import { unlessGone } from '../asking/unless-gone.js';
import { authorization, isSigned, paySign } from './signer.js';

const HOST = 'https://api.mch.weixin.qq.com';
const DRIFT_SECONDS = 300;

const nonce = (): string => randomBytes(16).toString('hex');
const seconds = (at: Date): string => String(Math.floor(at.getTime() / 1000));
const keyOf = ({ secrets }: ClientContext['account']) => createPrivateKey(pemOf('PRIVATE KEY', secrets['privateKey'] ?? ''));

/** Asks WeChat Pay v3. An answer that it has not signed with the key we know is no answer. */
export async function ask({ account, line, now }: ClientContext, method: 'GET' | 'POST', url: string, json: unknown, repeatable: boolean): Promise<JsonObject> {
  const body = json === undefined ? '' : JSON.stringify(json);
  const { mchid = '', serialNo = '' } = account.settings;
  const answer = await line.send({
    method, url: `${HOST}${url}`, repeatable, ...(json !== undefined && { body }),
    headers: {
      accept: 'application/json', 'content-type': 'application/json', 'user-agent': 'quanyu',
      authorization: authorization({ method, url, body, timestamp: seconds(now()), nonce: nonce() }, { mchid, serialNo, privateKey: keyOf(account) }),
    },
    judge: (answered) => (answered.status >= 200 && answered.status < 300 ? unsigned(answered, account, now()) : refusalOf(answered)),
  });
  return answer.body.length === 0 ? {} : answerObject(answer.body);
}

/** A file of WeChat's: asked for with a signature, answered without one. */
export async function fetchSigned({ account, line, now }: ClientContext, url: string): Promise<Buffer> {
  const { mchid = '', serialNo = '' } = account.settings;
  const { body } = await line.send({
    method: 'GET', url: `${HOST}${url}`, repeatable: true,
    headers: { accept: '*/*', 'user-agent': 'quanyu', authorization: authorization({ method: 'GET', url, body: '', timestamp: seconds(now()), nonce: nonce() }, { mchid, serialNo, privateKey: keyOf(account) }) },
  });
  return body;
}

function unsigned({ headers, body }: PlatformAnswer, { settings, secrets }: ClientContext['account'], now: Date): PlatformError | undefined {
  const { 'wechatpay-timestamp': timestamp = '', 'wechatpay-nonce': word = '', 'wechatpay-signature': signature = '', 'wechatpay-serial': serial } = headers;
  const isGood = serial === settings['platformSerial'] && Math.abs(now.getTime() / 1000 - Number(timestamp)) <= DRIFT_SECONDS
    && isSigned({ body, timestamp, nonce: word, signature }, pemOf('PUBLIC KEY', secrets['platformKey'] ?? ''));
  return isGood ? undefined : new PlatformError('ANSWER_INVALID', { platformCode: 'SIGNATURE' });
}

function refusalOf({ status, body }: PlatformAnswer): PlatformError | undefined {
  if (status >= 500 || status === 429 || status < 400) return undefined;
  let code: string | undefined;
  try { code = (answerObject(body) as { code?: string }).code; } catch { return undefined; }
  const details = { status, platformCode: platformCodeOf(code) };
  if (code === 'ORDER_NOT_EXIST' || code === 'RESOURCE_NOT_EXISTS') return new PlatformError('NOT_FOUND', details);
  if (code === 'SIGN_ERROR' || code === 'APPID_MCHID_NOT_MATCH' || code === 'NO_AUTH') return new PlatformError('CREDENTIALS_REFUSED', details);
  return code === undefined ? undefined : new PlatformError('REQUEST_REFUSED', details);
}

/** Begins a payment in a mini-program: the client hands the signed fields to `wx.requestPayment`. Good for two hours. */
export async function startPayment(context: ClientContext, payment: PaymentToStart): Promise<StartedPayment> {
  const { appId = '', mchid = '' } = context.account.settings;
  const { prepay_id: prepayId } = await ask(context, 'POST', '/v3/pay/transactions/jsapi', {
    appid: appId, mchid, description: payment.description.slice(0, 127), out_trade_no: payment.paymentId, time_expire: payment.expiresAt.toISOString().replace(/\.\d+Z$/, '+00:00'), notify_url: payment.notifyUrl,
    amount: { total: payment.amountMinor, currency: payment.currency }, payer: { openid: payment.payer },
  }, true) as { prepay_id?: string };
  if (!prepayId) throw new PlatformError('ANSWER_INVALID');
  const [timestamp, word] = [seconds(context.now()), nonce()];
  return { handOver: { appId, timeStamp: timestamp, nonceStr: word, package: `prepay_id=${prepayId}`, signType: 'RSA', paySign: paySign({ appId, timestamp, nonce: word, prepayId }, keyOf(context.account)) } };
}

interface Transaction { readonly out_trade_no?: string; readonly transaction_id?: string; readonly trade_state?: string; readonly mchid?: string; readonly payer?: { readonly openid?: string }; readonly amount?: { readonly total?: string; readonly currency?: string } }

/** The transaction of a payment; null when nobody has begun it. */
export async function transactionOf(context: ClientContext, paymentId: string): Promise<Transaction | null> {
  const { mchid = '' } = context.account.settings;
  const found = await unlessGone(ask(context, 'GET', `/v3/pay/transactions/out-trade-no/${encodeURIComponent(paymentId)}?mchid=${mchid}`, undefined, true)) as Transaction | null;
  if (found !== null && (found.out_trade_no !== paymentId || found.mchid !== mchid)) throw new PlatformError('ANSWER_INVALID');
  return found;
}

const STATES: Readonly<Record<string, FoundPayment['state']>> = { SUCCESS: 'PAID', REFUND: 'REFUNDED', CLOSED: 'CLOSED', REVOKED: 'CLOSED' };

export async function findPayment(context: ClientContext, paymentId: string): Promise<FoundPayment | null> {
  const found = await transactionOf(context, paymentId);
  if (found === null) return null;
  const { total = '', currency = 'CNY' } = found.amount ?? {};
  if (!/^\d{1,12}$/.test(total)) throw new PlatformError('ANSWER_INVALID');
  return { paymentId, platformPaymentId: found.transaction_id ?? null, state: STATES[found.trade_state ?? ''] ?? 'PENDING', amountMinor: Number(total), currency };
}

export async function closePayment(context: ClientContext, paymentId: string): Promise<'CLOSED' | 'ALREADY_PAID'> {
  try {
    await ask(context, 'POST', `/v3/pay/transactions/out-trade-no/${encodeURIComponent(paymentId)}/close`, { mchid: context.account.settings['mchid'] }, true);
    return 'CLOSED';
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    if (error.details.platformCode === 'ORDERPAID' || error.details.platformCode === 'ORDER_PAID') return 'ALREADY_PAID';
    // Nobody has begun it, or it is closed already.
    if (error.code === 'NOT_FOUND' || error.details.platformCode === 'ORDER_CLOSED') return 'CLOSED';
    throw error;
  }
}

const REFUNDS: Readonly<Record<string, RefundState>> = { SUCCESS: 'DONE', PROCESSING: 'PENDING', CLOSED: 'FAILED', ABNORMAL: 'FAILED' };

/** The same refund number asked for again is the same refund. */
export async function refundPayment(context: ClientContext, { paymentId, refundId, amountMinor, totalMinor, currency, reason }: RefundToMake): Promise<RefundState> {
  const { status = '' } = await ask(context, 'POST', '/v3/refund/domestic/refunds', {
    out_trade_no: paymentId, out_refund_no: refundId, reason: reason.slice(0, 80), amount: { refund: amountMinor, total: totalMinor, currency },
  }, true) as { status?: string };
  const state = REFUNDS[status];
  if (state === undefined) throw new PlatformError('ANSWER_INVALID');
  return state;
}
