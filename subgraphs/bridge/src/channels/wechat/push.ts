import { answerObject } from '../asking/answer-object.js';
import type { Channel, Hint } from '../channel.js';
import type { Account } from '../connector.js';
import { pemOf } from '../signing/pem.js';
import { genuinePush, headerOf, readable, refusedPush } from '../signing/pushed.js';
import { isSigned, openResource } from './signer.js';

const WINDOW_SECONDS = 300;

/** A notification of WeChat Pay, signed with the platform's key, for five minutes either way. */
export const verifyPush: Channel['verify'] = ({ headers, body, at = new Date() }, { account }) => {
  const [signature, timestamp, nonce, serial] = ['wechatpay-signature', 'wechatpay-timestamp', 'wechatpay-nonce', 'wechatpay-serial'].map((name) => headerOf(headers, name)) as [string, string, string, string];
  if (signature === '') return refusedPush(false);
  const key = account?.secrets['platformKey'] ?? '';
  const isFresh = Math.abs(at.getTime() / 1000 - Number(timestamp)) <= WINDOW_SECONDS;
  if (key === '' || serial !== account?.settings['platformSerial'] || !isFresh || !isSigned({ body, timestamp, nonce, signature }, pemOf('PUBLIC KEY', key))) return refusedPush(true);
  const id = readable(() => (answerObject(body) as { id?: string }).id);
  return genuinePush(id ? [id] : []);
};

interface Notification { readonly event_type?: string; readonly resource?: { readonly ciphertext?: string; readonly nonce?: string; readonly associated_data?: string } }

/** The payment that it tells of: what became of it is asked for. */
export function hintsOf(body: Buffer, account: Account | null): readonly Hint[] | null {
  return readable(() => {
    const { resource: { ciphertext = '', nonce = '', associated_data: associatedData = '' } = {} } = answerObject(body) as Notification;
    const { out_trade_no: paymentId, mchid } = answerObject(Buffer.from(openResource({ ciphertext, nonce, associatedData }, account?.secrets['apiV3Key'] ?? ''))) as { out_trade_no?: string; mchid?: string };
    return paymentId === undefined || mchid !== account?.settings['mchid'] ? null : [{ kind: 'PAYMENT', paymentId }];
  });
}
