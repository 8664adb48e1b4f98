import type { Channel, Hint } from '../channel.js';
import { genuinePush, headerOf, hintsIn, refusedPush } from '../signing/pushed.js';
import { isPushSigned } from './signer.js';

const WINDOW_SECONDS = 600;

/** Path, query and time are signed; the body is not, so it is a hint whatever it says. */
export const verifyPush: Channel['verify'] = ({ headers, path = '', query = {}, at = new Date() }, { secrets, account }) => {
  const [sign, appKey, timestamp] = [headerOf(headers, 'sign'), headerOf(headers, 'app-key'), headerOf(headers, 'timestamp')];
  if (sign === '') return refusedPush(false);
  const keys = [...secrets, ...(account?.secrets['appSecret'] === undefined ? [] : [account.secrets['appSecret']])];
  // In seconds or milliseconds, by its length.
  const seconds = Number(timestamp) / (timestamp.length > 11 ? 1000 : 1);
  if (!(Math.abs(at.getTime() / 1000 - seconds) <= WINDOW_SECONDS)) return refusedPush(true);
  return isPushSigned({ path, query, appKey, timestamp, sign }, keys) ? genuinePush([], { unsigned: true }) : refusedPush(true);
};

/** A message names an order, or an item or SKU alone where what is sold has changed. */
export const hintsOf = (body: Buffer): readonly Hint[] | null => hintsIn(body, ({ orderId, itemId, skuId }) => ({ order: typeof orderId === 'string' && /^\w{1,64}$/.test(orderId) ? orderId : null, goods: itemId !== undefined || skuId !== undefined }));
