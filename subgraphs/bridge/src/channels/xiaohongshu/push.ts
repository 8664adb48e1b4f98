import type { Channel, Hint } from '../channel.js';
import { parseJson } from '../parse-json.js';
import { genuinePush, headerOf, readable, refusedPush } from '../pushed.js';
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

export function hintsOf(body: Buffer): readonly Hint[] | null {
  const messages = readable(() => parseJson(body)) as readonly { readonly data?: unknown }[] | null;
  if (!Array.isArray(messages)) return null;
  const orders = messages.flatMap(({ data }: { readonly data?: unknown }) => {
    const told = typeof data === 'string' ? readable(() => parseJson(Buffer.from(data))) : data;
    const id = typeof told === 'object' && told !== null ? (told as { orderId?: unknown }).orderId : undefined;
    return typeof id === 'string' && /^\w{1,64}$/.test(id) ? [id] : [];
  });
  return [...new Set(orders)].map((externalOrderId) => ({ kind: 'ORDER', externalOrderId }));
}
