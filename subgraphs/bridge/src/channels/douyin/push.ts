import type { Channel, Hint } from '../channel.js';
import { genuinePush, headerOf, hintsIn, messagesIn, refusedPush } from '../signing/pushed.js';
import { isPushSigned } from './signer.js';

/** Signed with the app's key and secret; many messages in one. */
export const verifyPush: Channel['verify'] = ({ headers, body }, { secrets, account }) => {
  const [sign, appKey] = [headerOf(headers, 'event-sign'), headerOf(headers, 'app-id')];
  if (sign === '') return refusedPush(false);
  const isOurs = account?.settings['appKey'] === undefined || account.settings['appKey'] === appKey;
  const keys = [...secrets, ...(account?.secrets['appSecret'] === undefined ? [] : [account.secrets['appSecret']])];
  if (!isOurs || !isPushSigned(body, sign, appKey, keys)) return refusedPush(true);
  return genuinePush((messagesIn(body) ?? []).flatMap(({ msg_id: id }) => (typeof id === 'string' ? [id] : [])));
};

/** Each message carries a JSON text; `p_id` is the order in it, and one with a product alone tells of a change of goods. Messages about other things say nothing here. */
export const hintsOf = (body: Buffer): readonly Hint[] | null => hintsIn(body, ({ p_id: order, product_id: product }) => ({ order: typeof order === 'string' && /^\d{1,32}$/.test(order) ? order : null, goods: product !== undefined }));
