import { answerObject } from '../asking/answer-object.js';
import type { Channel, Hint } from '../channel.js';
import { genuinePush, headerOf, readable, refusedPush } from '../signing/pushed.js';
import { isSigned } from './signer.js';

interface Event { readonly id?: string; readonly type?: string; readonly data?: { readonly object?: { readonly metadata?: { readonly payment_id?: string } } } }

const eventOf = (body: Buffer): Event | null => readable(() => answerObject(body));

/** Signed with the endpoint's secret, for 300 s. */
export const verifyPush: Channel['verify'] = ({ headers, body, at = new Date() }, { secrets }) => {
  const header = headerOf(headers, 'stripe-signature');
  if (header === '' || !isSigned(body, header, secrets, at)) return refusedPush(header !== '');
  const id = eventOf(body)?.id;
  return genuinePush(id ? [id] : []);
};

/** The payment that it tells of, by what we wrote on it: events of payments that others began say nothing here. */
export function hintsOf(body: Buffer): readonly Hint[] | null {
  const event = eventOf(body);
  if (event === null) return null;
  const paymentId = event.data?.object?.metadata?.payment_id;
  return paymentId === undefined ? [] : [{ kind: 'PAYMENT', paymentId }];
}
