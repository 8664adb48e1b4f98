import { PlatformError } from '../../outbound/platform-error.js';
import type { Client, ClientContext, Connector, FoundPayment, PaymentToStart, RefundState, RefundToMake, StartedPayment } from '../connector.js';
import type { Parameters } from '../signing/digests.js';
import { KEY_FORM } from '../signing/pem.js';
import { ask } from './ask.js';
import { numberOf, txnTimeOf, type TransactionNumber } from './numbers.js';

/** Payment by UnionPay QuickPass (云闪付), which is paid in its app by a number that we get. Amounts are fen, and nothing but yuan is taken. */
export const unionpayConnector: Connector = {
  fields: [
    { name: 'merId', secret: false, form: /^\d{15}$/ },
    // The serial of the certificate that the private key is of, in decimal.
    { name: 'certId', secret: false, form: /^\d{5,50}$/ },
    { name: 'gateway', secret: false, standard: 'gateway.95516.com', form: /^gateway(\.test)?\.95516\.com$/ },
    // `acp_prod_root.cer` and `acp_prod_middle.cer`, as one line of base64.
    { name: 'rootCertificate', secret: false, form: KEY_FORM },
    { name: 'middleCertificate', secret: false, form: KEY_FORM },
    { name: 'privateKey', secret: true, form: KEY_FORM },
  ],
  capabilities: ['startPayment', 'findPayment', 'closePayment', 'refundPayment'],
  paymentsEnd: 'BY_TIME',
  stock: null,
  rate: { burst: 20, perSecond: 20 },
  pull: null,
  open: (context): Client => ({
    check: async () => {
      // That there is none of this number is told only to a merchant whose signature is good.
      await query(context, { orderId: 'connectioncheck', txnTime: txnTimeOf(context.now()) });
      return { shopName: context.account.settings['merId'] ?? '', apiVersion: '5.1.0' };
    },
    startPayment: (payment) => startPayment(context, payment),
    findPayment: (paymentId) => findPayment(context, paymentId),
    closePayment: (paymentId, expiresAt) => closePayment(context, paymentId, expiresAt),
    refundPayment: (refund) => refundPayment(context, refund),
  }),
};

const APP = { bizType: '000201', channelType: '08' };

async function startPayment(context: ClientContext, { paymentId, description, amountMinor, currency, notifyUrl, expiresAt }: PaymentToStart): Promise<StartedPayment> {
  const number = numberOf(paymentId);
  if (currency !== 'CNY' || number === null) throw new PlatformError('REQUEST_REFUSED', { platformCode: currency === 'CNY' ? 'PAYMENT_ID' : 'CURRENCY' });
  const { tn } = await ask(context, 'appTransReq', {
    ...APP, ...number, txnType: '01', txnSubType: '01', txnAmt: String(amountMinor), currencyCode: '156', backUrl: notifyUrl, payTimeout: txnTimeOf(expiresAt), orderDesc: plain(description),
  });
  if (!tn) throw new PlatformError('ANSWER_INVALID');
  return { handOver: { tn } };
}

/** Signs of its own form would end a value early. */
const plain = (text: string): string => text.replaceAll(/[&={}[\]"']/g, ' ').slice(0, 32);

/** A transaction as it stands; null where UnionPay has none, which it says of a payment too that nobody has tried to make. */
async function query(context: ClientContext, number: TransactionNumber): Promise<Parameters | null> {
  try {
    return await ask(context, 'queryTrans', { ...number, bizType: '000000', txnType: '00', txnSubType: '00' });
  } catch (error) {
    if (error instanceof PlatformError && error.code === 'NOT_FOUND') return null;
    throw error;
  }
}

/** Done, and done with a flaw that is UnionPay's own to mend. */
const DONE = ['00', 'A6'];
/** Taken, and not yet done: asked for again. */
const UNDER_WAY = ['03', '04', '05'];

async function findPayment(context: ClientContext, paymentId: string): Promise<FoundPayment | null> {
  const number = numberOf(paymentId);
  const found = number === null ? null : await query(context, number);
  if (found === null) return null;
  const { origRespCode = '', txnAmt = '', currencyCode = '156', queryId = null } = found;
  if (!/^\d{1,12}$/.test(txnAmt) || currencyCode !== '156') throw new PlatformError('ANSWER_INVALID');
  // A try that failed leaves the payment open until its time is over: the buyer may take another card.
  return { paymentId, platformPaymentId: queryId, state: DONE.includes(origRespCode) ? 'PAID' : 'PENDING', amountMinor: Number(txnAmt), currency: 'CNY' };
}

/** UnionPay takes nothing for a payment whose time is over, and what a question tells then is final. Before that nobody can end it. */
async function closePayment(context: ClientContext, paymentId: string, expiresAt: Date): Promise<'CLOSED' | 'ALREADY_PAID' | 'STILL_OPEN'> {
  if (numberOf(paymentId) === null) return 'CLOSED';
  // Looked at before the question, and in UnionPay's whole seconds: what is answered then holds for good.
  const isOver = context.now().getTime() > expiresAt.getTime() + 1_000;
  const found = await findPayment(context, paymentId);
  return found?.state === 'PAID' ? 'ALREADY_PAID' : isOver ? 'CLOSED' : 'STILL_OPEN';
}

/** Each refund is a transaction of its own; it is looked for before it is sent, since one that UnionPay has already is refused as a double. */
async function refundPayment(context: ClientContext, { paymentId, refundId, amountMinor, askedAt }: RefundToMake): Promise<RefundState> {
  const [of, number] = [numberOf(paymentId), numberOf(refundId, askedAt)];
  if (number === null) throw new PlatformError('REQUEST_REFUSED', { platformCode: 'REFUND_ID' });
  if (of === null) throw new PlatformError('NOT_FOUND');
  const known = await query(context, number);
  if (known !== null) return stateOf(known, amountMinor);
  const paid = await query(context, of);
  if (!paid?.['queryId'] || !DONE.includes(paid['origRespCode'] ?? '')) throw new PlatformError('NOT_FOUND');
  // Where nobody is to be told of it UnionPay wants this address: we ask.
  await ask(context, 'backTransReq', {
    ...APP, ...number, txnType: '04', txnSubType: '00', txnAmt: String(amountMinor), origQryId: paid['queryId'], backUrl: 'http://www.specialUrl.com',
  }, { repeatable: false, good: ['00', 'A6', ...UNDER_WAY, '12'] });
  const sent = await query(context, number);
  return sent === null ? 'PENDING' : stateOf(sent, amountMinor);
}

function stateOf({ origRespCode = '', txnAmt }: Parameters, amountMinor: number): RefundState {
  if (txnAmt !== String(amountMinor)) throw new PlatformError('REQUEST_REFUSED', { platformCode: 'OTHER_AMOUNT' });
  return DONE.includes(origRespCode) ? 'DONE' : UNDER_WAY.includes(origRespCode) ? 'PENDING' : 'FAILED';
}
