import { PlatformError } from '../../outbound/platform-error.js';
import { answerObject, type JsonObject } from '../asking/answer-object.js';
import { carrierCode } from '../waybills/carrier-code.js';
import type { ClientContext } from '../connector.js';
import { dataSign } from './signer.js';

const HOST = 'https://api.kdniao.com';
const CARRIERS: Readonly<Record<string, string>> = { SF: 'SF', ZTO: 'ZTO', YTO: 'YTO', STO: 'STO', YUNDA: 'YD', EMS: 'EMS', DEPPON: 'DBL' };
const KEY_WORDS = /签名|用户|商户|EBusinessID|DataSign|未授权|没有权限/;
const LIMITED = /次数|频繁|超限/;

/** A carrier in the platform's words. */
export const companyOf = (carrier: string): string => carrierCode(CARRIERS, carrier, carrier);

/** Asks the platform. @param isFine whether an answer that says no is good all the same */
export async function call({ account, line }: ClientContext, path: string, requestType: string, data: object, isFine: (read: JsonObject) => boolean = () => false): Promise<JsonObject> {
  const requestData = JSON.stringify(data);
  let read: JsonObject = {};
  await line.send({
    method: 'POST', url: `${HOST}${path}`, headers: { 'content-type': 'application/x-www-form-urlencoded;charset=utf-8' }, repeatable: true,
    body: new URLSearchParams({ RequestData: requestData, EBusinessID: account.settings['businessId'] ?? '', RequestType: requestType, DataSign: dataSign(requestData, account.secrets['appKey'] ?? ''), DataType: '2' }).toString(),
    judge: ({ status, body }) => {
      if (status !== 200) return undefined;
      read = answerObject(body);
      const { Success: isGood, Reason: reason = '' } = read as { Success?: boolean; Reason?: string };
      if (isGood === true || isFine(read)) return undefined;
      if (isGood === undefined) return new PlatformError('ANSWER_INVALID');
      // Its only code is a sentence, which stays here.
      if (LIMITED.test(reason)) return new PlatformError('THROTTLED', { retryAfterMs: 1_000 });
      return new PlatformError(KEY_WORDS.test(reason) ? 'CREDENTIALS_REFUSED' : 'REQUEST_REFUSED');
    },
  });
  return read;
}
