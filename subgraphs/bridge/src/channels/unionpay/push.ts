import type { Channel, Hint } from '../channel.js';
import type { Account } from '../connector.js';
import { genuinePush, readable, refusedPush } from '../signing/pushed.js';
import { trustedOf } from './ask.js';
import { formFields } from './fields.js';
import { paymentIdOf } from './numbers.js';
import { isSigned } from './signer.js';

/** A notification of a transaction that came off: signed, and sent up to five times. */
export const verifyPush: Channel['verify'] = ({ body, at = new Date() }, { account }) => {
  const fields = formFields(body);
  if (!fields['signature']) return refusedPush(false);
  if (!account || fields['merId'] !== account.settings['merId'] || readable(() => isSigned(fields, trustedOf(account), at)) !== true) return refusedPush(true);
  return genuinePush(fields['queryId'] ? [fields['queryId']] : []);
};

/** The payment that it tells of: what became of it is asked for. Of refunds nothing is told that we do not ask for. */
export function hintsOf(body: Buffer, _account: Account | null): readonly Hint[] | null {
  const { orderId = '', txnType } = formFields(body);
  if (orderId === '') return null;
  const paymentId = txnType === '01' ? paymentIdOf(orderId) : null;
  return paymentId === null ? [] : [{ kind: 'PAYMENT', paymentId }];
}
