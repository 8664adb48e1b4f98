import type { JsonWebKey } from 'node:crypto';
import { answerObject } from '../asking/answer-object.js';
import type { Channel, Hint } from '../channel.js';
import { genuinePush, headerOf, readable, refusedPush } from '../signing/pushed.js';
import { isSigned } from '../shipstation/signer.js';

type Keys = readonly (JsonWebKey & { readonly kid?: string })[];

/** Signed over time and body with one of the keys that ShipStation hands out, five minutes around now. */
export const verifyPush: Channel['verify'] = ({ headers, body, at = new Date() }, { account }) => {
  const [keyId, signature, timestamp] = ['x-shipengine-rsa-sha256-key-id', 'x-shipengine-rsa-sha256-signature', 'x-shipengine-timestamp'].map((name) => headerOf(headers, name)) as [string, string, string];
  if (signature === '') return refusedPush(false);
  const keys = readable(() => (JSON.parse(account?.settings['webhookKeys'] ?? '') as { keys: Keys }).keys);
  return keys !== null && readable(() => isSigned({ body, timestamp, signature, keyId }, keys, at)) === true ? genuinePush() : refusedPush(true);
};

/** A label has been made: those of late are read, in one call for a crowd of pushes. */
export const hintsOf = (body: Buffer): readonly Hint[] | null => (readable(() => answerObject(body)) === null ? null : [{ kind: 'PARCELS', resourceUrl: null }]);
