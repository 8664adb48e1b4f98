import type { Channel, Hint } from '../channel.js';
import { parseJson } from '../reading/parse-json.js';
import { genuinePush, headerOf, readable, refusedPush } from '../signing/pushed.js';
import { isSigned } from './signer.js';

/** A workflow's webhook, signed with the channel's secret over its query and body. */
export const verifyPush: Channel['verify'] = ({ headers, body, query = {} }, { secrets }) => {
  const signature = headerOf(headers, 'x-zoho-webhook-signature');
  return signature !== '' && isSigned(body, query, signature, secrets) ? genuinePush() : refusedPush(signature !== '');
};

/** Whatever it says of goods, their figures are read at Zoho: those that changed, in one call. */
export const hintsOf = (body: Buffer): readonly Hint[] | null => (readable(() => parseJson(body)) === null ? null : [{ kind: 'STOCK' }]);
