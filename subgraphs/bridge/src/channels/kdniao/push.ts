import { answerObject, type JsonObject } from '../asking/answer-object.js';
import { toBeijing } from '../reading/beijing-time.js';
import type { Channel } from '../channel.js';
import type { Account } from '../connector.js';
import { genuinePush, readable, refusedPush } from '../signing/pushed.js';
import { trackedOf } from './client.js';
import { isPushSigned } from './signer.js';

/** A push is signed as our calls are, with the key of the account. */
export const verifyPush: Channel['verify'] = ({ body }, { account }) => {
  const form = new URLSearchParams(body.toString());
  const [requestData, sign] = [form.get('RequestData') ?? '', form.get('DataSign') ?? ''];
  const appKey = account?.secrets['appKey'] ?? '';
  return sign !== '' && appKey !== '' && isPushSigned({ requestData, sign }, [appKey]) ? genuinePush() : refusedPush(sign !== '');
};

/** The parcels that it tells of, each with all its way. */
export const tracksOf: NonNullable<Channel['tracksOf']> = (body) => readable(() => {
  const { Data: told = [] } = answerObject(Buffer.from(new URLSearchParams(body.toString()).get('RequestData') ?? '')) as { Data?: readonly (JsonObject & { readonly LogisticCode?: string })[] };
  return told.flatMap((parcel) => (parcel.LogisticCode === undefined ? [] : [{ trackingNumber: String(parcel.LogisticCode), tracked: trackedOf(parcel) }]));
});

export const TAKEN = {
  type: 'application/json',
  body: (account: Account | null, at: Date): string => JSON.stringify({ EBusinessID: account?.settings['businessId'] ?? '', UpdateTime: toBeijing(at), Success: true, Reason: '' }),
} as const;
