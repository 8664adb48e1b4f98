import { answerObject, type JsonObject } from '../asking/answer-object.js';
import type { Channel } from '../channel.js';
import { genuinePush, readable, refusedPush } from '../signing/pushed.js';
import { trackedOf } from './client.js';
import { isPushSigned } from './signer.js';

/** A push is signed with the salt that it was asked for with: the secret of our webhook. */
export const verifyPush: Channel['verify'] = ({ body }, { secrets }) => {
  const form = new URLSearchParams(body.toString());
  const [param, sign] = [form.get('param') ?? '', form.get('sign') ?? ''];
  return sign !== '' && isPushSigned({ param, sign }, secrets) ? genuinePush() : refusedPush(sign !== '');
};

/** The parcel that it tells of; none where the platform has given up looking. */
export const tracksOf: NonNullable<Channel['tracksOf']> = (body) => readable(() => {
  const { lastResult } = answerObject(Buffer.from(new URLSearchParams(body.toString()).get('param') ?? '')) as { lastResult?: JsonObject & { readonly nu?: string } };
  return lastResult?.nu === undefined ? [] : [{ trackingNumber: String(lastResult.nu), tracked: trackedOf(lastResult) }];
});

/** Anything else is a failure to it, and comes again. */
export const TAKEN = { type: 'application/json', body: '{"result":true,"returnCode":"200","message":"成功"}' } as const;
