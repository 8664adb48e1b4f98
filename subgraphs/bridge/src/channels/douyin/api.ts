import { PlatformError } from '../../outbound/platform-error.js';
import { answerObject } from '../asking/answer-object.js';
import type { ClientContext } from '../connector.js';
import { platformCodeOf } from '../asking/platform-code.js';
import { canonicalJson, signCall } from './signer.js';

const HOST = 'https://openapi-fxg.jinritemai.com';
const OK = '10000';
const KEY_CODES = /^isv\.(access-token|refresh-token|token|authorization|sign|app-key)/;
const LIMITED = /(rate|flow|frequency|limit)/;

interface Envelope { readonly code?: string; readonly sub_code?: string; readonly data?: unknown }

/** Calls a method of the shop's API (`order.searchList`) and gives its `data`; numbers as text, since ids go beyond 2^53. */
export async function callDouyin<Data>({ account, line, now }: ClientContext, method: string, parameters: Parameters<typeof canonicalJson>[0], repeatable = true): Promise<Data> {
  const { appKey = '' } = account.settings;
  const { appSecret = '', accessToken = '' } = account.secrets;
  const paramJson = canonicalJson(parameters);
  const timestamp = String(Math.floor(now().getTime() / 1000));
  const query = new URLSearchParams({
    app_key: appKey, method, access_token: accessToken, timestamp, v: '2', sign_method: 'hmac-sha256', sign: signCall({ appKey, method, paramJson, timestamp }, appSecret),
  });
  let data: unknown;
  await line.send({
    // What is sent is the very text that was signed.
    method: 'POST', url: `${HOST}/${method.replaceAll('.', '/')}?${query.toString()}`, body: paramJson, headers: { 'content-type': 'application/json' }, repeatable,
    judge: (answer) => {
      if (answer.status !== 200) return undefined;
      const read: Envelope = answerObject(answer.body);
      data = read.data;
      return read.code === OK ? undefined : refusalOf(read);
    },
  });
  if (typeof data !== 'object' || data === null) throw new PlatformError('ANSWER_INVALID');
  return data as Data;
}

function refusalOf({ code, sub_code: subCode = '' }: Envelope): PlatformError {
  if (code === undefined) return new PlatformError('ANSWER_INVALID');
  const platformCode = platformCodeOf(code, subCode);
  if (KEY_CODES.test(subCode)) return new PlatformError('CREDENTIALS_REFUSED', { platformCode });
  if (LIMITED.test(subCode)) return new PlatformError('THROTTLED', { platformCode, retryAfterMs: 1_000 });
  return new PlatformError(subCode.startsWith('isp.') ? 'PLATFORM_DOWN' : 'REQUEST_REFUSED', { platformCode });
}
