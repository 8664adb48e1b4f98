import { PlatformError } from '../../outbound/platform-error.js';
import { answerObject } from '../asking/answer-object.js';
import type { ClientContext } from '../connector.js';
import { platformCodeOf } from '../asking/platform-code.js';
import { signCall, VERSION } from './signer.js';

const ARK = 'https://ark.xiaohongshu.com/ark/open_api/v3/common_controller';
// ARK's codes are not published as a whole; its words are: they are looked at here and go no further.
const KEY = /token|sign|授权|签名/i;
const LIMITED = /too many|limit|频繁|限流/i;
const NOT_THERE = /不存在|not exist/i;

interface Envelope { readonly success?: boolean; readonly error_code?: string; readonly error_msg?: string; readonly data?: unknown }

/** Calls a method of ARK and gives its `data`; numbers as text. Some methods wrap their data in an envelope of their own. */
export async function callArk<Data>({ account, line, now }: ClientContext, method: string, business: Readonly<Record<string, unknown>>, repeatable = true): Promise<Data> {
  const { appId = '' } = account.settings;
  const { appSecret = '', accessToken = '' } = account.secrets;
  const timestamp = String(Math.floor(now().getTime() / 1000));
  let data: unknown;
  await line.send({
    method: 'POST', url: ARK, headers: { 'content-type': 'application/json' }, repeatable,
    body: JSON.stringify({ ...business, appId, method, version: VERSION, timestamp, sign: signCall({ appId, method, timestamp }, appSecret), accessToken }),
    judge: (answer) => {
      if (answer.status !== 200) return undefined;
      const read: Envelope = answerObject(answer.body);
      data = read.data;
      return read.success === true && read.error_code === '0' ? undefined : refusalOf(read);
    },
  });
  if (typeof data !== 'object' || data === null) throw new PlatformError('ANSWER_INVALID');
  return data as Data;
}

function refusalOf({ success, error_code: code, error_msg: message = '' }: Envelope): PlatformError {
  if (success === undefined || code === undefined) return new PlatformError('ANSWER_INVALID');
  const platformCode = platformCodeOf(code);
  if (LIMITED.test(message)) return new PlatformError('THROTTLED', { platformCode, retryAfterMs: 1_000 });
  if (KEY.test(message)) return new PlatformError('CREDENTIALS_REFUSED', { platformCode });
  return new PlatformError(NOT_THERE.test(message) ? 'NOT_FOUND' : 'REQUEST_REFUSED', { platformCode });
}
