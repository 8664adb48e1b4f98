import { PlatformError } from '../../outbound/platform-error.js';
import { answerObject, type JsonObject } from '../asking/answer-object.js';
import { toBeijing } from '../reading/beijing-time.js';
import type { ClientContext } from '../connector.js';
import { withoutEmpty, type Parameters } from '../signing/digests.js';
import { platformCodeOf } from '../asking/platform-code.js';
import { signTop } from './signer.js';

const GATEWAY = 'https://gw.api.taobao.com/router/rest';
/** 26 and 27: the seller's session is missing or over; 25: our secret is wrong. */
const KEY_CODES = new Set(['25', '26', '27', '53']);
const LIMITED = '7';

interface ErrorResponse { readonly code: string; readonly sub_code?: string }

/** Calls a method of TOP and gives what stands in its `…_response`; numbers as text, since ids go beyond 2^53. */
export async function callTop<Answer>({ account, line, now }: ClientContext, method: string, business: Parameters, repeatable = true): Promise<Answer> {
  const { appKey = '' } = account.settings;
  const { appSecret = '', session = '' } = account.secrets;
  const parameters = withoutEmpty({ ...business, method, app_key: appKey, session, timestamp: toBeijing(now()), format: 'json', v: '2.0', sign_method: 'hmac-sha256' });
  const body = new URLSearchParams({ ...parameters, sign: signTop(parameters, appSecret, 'hmac-sha256') }).toString();
  let read: JsonObject = {};
  await line.send({
    method: 'POST', url: GATEWAY, body, headers: { 'content-type': 'application/x-www-form-urlencoded;charset=utf-8' }, repeatable,
    judge: (answer) => {
      if (answer.status !== 200) return undefined;
      read = answerObject(answer.body);
      return 'error_response' in read ? refusalOf(read['error_response'] as ErrorResponse) : undefined;
    },
  });
  const answer = read[`${method.replace(/^taobao\./, '').replaceAll('.', '_')}_response`];
  if (typeof answer !== 'object' || answer === null) throw new PlatformError('ANSWER_INVALID');
  return answer as Answer;
}

function refusalOf({ code, sub_code: subCode = '' }: ErrorResponse): PlatformError {
  const platformCode = platformCodeOf(code, subCode);
  if (code === LIMITED) return new PlatformError('THROTTLED', { platformCode, retryAfterMs: 1_000 });
  if (KEY_CODES.has(code)) return new PlatformError('CREDENTIALS_REFUSED', { platformCode });
  // isp: the platform's own fault, which passes; isv: ours, which does not.
  return new PlatformError(subCode.startsWith('isp.') ? 'PLATFORM_DOWN' : 'REQUEST_REFUSED', { platformCode });
}
