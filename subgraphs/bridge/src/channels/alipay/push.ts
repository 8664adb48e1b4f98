import type { Channel, Hint } from '../channel.js';
import { pemOf } from '../signing/pem.js';
import { genuinePush, readable, refusedPush } from '../signing/pushed.js';
import { isNotifySigned } from './signer.js';

const formOf = (body: Buffer): Readonly<Record<string, string>> => Object.fromEntries(new URLSearchParams(body.toString()));

/** A notification of Alipay: a form, signed with its key. */
export const verifyPush: Channel['verify'] = ({ body }, { account }) => {
  const form = formOf(body);
  if (!form['sign']) return refusedPush(false);
  const key = account?.secrets['alipayKey'] ?? '';
  if (key === '' || form['app_id'] !== account?.settings['appId'] || readable(() => isNotifySigned(form, pemOf('PUBLIC KEY', key))) !== true) return refusedPush(true);
  return genuinePush(form['notify_id'] ? [form['notify_id']] : []);
};

/** The payment that it tells of: what became of it is asked for. */
export function hintsOf(body: Buffer): readonly Hint[] | null {
  const { out_trade_no: paymentId = '' } = formOf(body);
  return paymentId === '' ? null : [{ kind: 'PAYMENT', paymentId }];
}
