import { createPrivateKey } from 'node:crypto';
import { PlatformError } from '../../outbound/platform-error.js';
import type { PlatformAnswer } from '../../outbound/outbound.js';
import type { Account, ClientContext } from '../connector.js';
import type { Parameters } from '../signing/digests.js';
import { pemOf } from '../signing/pem.js';
import { answerFields } from './fields.js';
import { isSigned, signRequest, type Trusted } from './signer.js';

const TEST_HOST = 'gateway.test.95516.com';

export const trustedOf = ({ settings }: Pick<Account, 'settings'>): Trusted => ({
  root: pemOf('CERTIFICATE', settings['rootCertificate'] ?? ''), middle: pemOf('CERTIFICATE', settings['middleCertificate'] ?? ''), isTest: settings['gateway'] === TEST_HOST,
});

/** What an answer's code means where it is no good one; its text, which quotes what was sent, is left alone. */
function refusalOf(code: string): PlatformError {
  const details = { platformCode: /^\w{2}$/.test(code) ? code : 'OTHER' };
  switch (code) {
    case '11': case '31': case '32': return new PlatformError('CREDENTIALS_REFUSED', details);
    case '02': case '03': case '04': case '06': return new PlatformError('PLATFORM_DOWN', details);
    case '34': return new PlatformError('NOT_FOUND', details);
    case '37': return new PlatformError('THROTTLED', { ...details, retryAfterMs: 1_000 });
    default: return new PlatformError('REQUEST_REFUSED', details);
  }
}

/** Posts a signed form and gives the fields of the signed answer whose code is one of `good`. */
export async function ask({ account, line, now }: ClientContext, path: 'appTransReq' | 'backTransReq' | 'queryTrans', fields: Parameters, { repeatable = true, good = ['00'] }: { readonly repeatable?: boolean; readonly good?: readonly string[] } = {}): Promise<Parameters> {
  const { gateway = '', merId = '', certId = '' } = account.settings;
  const form = { version: '5.1.0', encoding: 'UTF-8', signMethod: '01', accessType: '0', merId, certId, ...fields };
  const signature = signRequest(form, createPrivateKey(pemOf('PRIVATE KEY', account.secrets['privateKey'] ?? '')));
  let read: Parameters | undefined;
  await line.send({
    method: 'POST', url: `https://${gateway}/gateway/api/${path}.do`, headers: { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' }, repeatable,
    body: new URLSearchParams({ ...Object.fromEntries(Object.entries(form).filter(([, value]) => value !== '')), signature }).toString(),
    judge: ({ status, body }: PlatformAnswer) => {
      if (status !== 200) return undefined;
      const answer = answerFields(body);
      if (answer === null || answer['respCode'] === undefined) return new PlatformError('ANSWER_INVALID');
      // Only a refusal of our own signature may be unsigned: believed, it stops us and moves no money.
      if (!isSigned(answer, trustedOf(account), now())) return answer['respCode'] === '11' ? refusalOf('11') : new PlatformError('ANSWER_INVALID', { platformCode: 'SIGNATURE' });
      if (!good.includes(answer['respCode'])) return refusalOf(answer['respCode']);
      // A good answer to another question is none to this one.
      if (answer['merId'] !== merId || answer['orderId'] !== fields['orderId']) return new PlatformError('ANSWER_INVALID', { platformCode: 'OTHER_ORDER' });
      read = answer;
      return undefined;
    },
  });
  if (read === undefined) throw new PlatformError('ANSWER_INVALID');
  return read;
}
