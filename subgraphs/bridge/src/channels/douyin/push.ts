import type { Channel, Hint } from '../channel.js';
import { parseJson } from '../parse-json.js';
import { genuinePush, headerOf, readable, refusedPush } from '../pushed.js';
import { isPushSigned } from './signer.js';

interface Message { readonly msg_id?: string; readonly data?: unknown }

const messagesOf = (body: Buffer): readonly Message[] | null => readable(() => parseJson(body)) as readonly Message[] | null;

/** Signed with the app's key and secret; many messages in one. */
export const verifyPush: Channel['verify'] = ({ headers, body }, { secrets, account }) => {
  const [sign, appKey] = [headerOf(headers, 'event-sign'), headerOf(headers, 'app-id')];
  if (sign === '') return refusedPush(false);
  const isOurs = account?.settings['appKey'] === undefined || account.settings['appKey'] === appKey;
  const keys = [...secrets, ...(account?.secrets['appSecret'] === undefined ? [] : [account.secrets['appSecret']])];
  if (!isOurs || !isPushSigned(body, sign, appKey, keys)) return refusedPush(true);
  const messages = messagesOf(body);
  return genuinePush(Array.isArray(messages) ? messages.flatMap(({ msg_id: id }: Message) => (id === undefined ? [] : [String(id)])) : []);
};

/** Each message carries a JSON text; `p_id` is the order in it. Messages about other things say nothing here. */
export function hintsOf(body: Buffer): readonly Hint[] | null {
  const messages = messagesOf(body);
  if (!Array.isArray(messages)) return null;
  const orders = messages.flatMap(({ data }: Message) => {
    const told = typeof data === 'string' ? readable(() => parseJson(Buffer.from(data))) : data;
    const id = typeof told === 'object' && told !== null ? (told as { p_id?: unknown }).p_id : undefined;
    return typeof id === 'string' && /^\d{1,32}$/.test(id) ? [id] : [];
  });
  return [...new Set(orders)].map((externalOrderId) => ({ kind: 'ORDER', externalOrderId }));
}
