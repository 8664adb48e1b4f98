import { PlatformError } from '../../outbound/platform-error.js';
import { answerObject, type JsonObject } from '../asking/answer-object.js';
import type { ClientContext } from '../connector.js';
import type { Parameters } from '../signing/digests.js';
import { platformCodeOf } from '../asking/platform-code.js';
import { signCall } from './signer.js';

const ROUTER = 'https://gw-api.pinduoduo.com/api/router';
/** 10019: the token is over; 20004: our secret is wrong. */
const KEY_CODES = new Set(['10016', '10018', '10019', '20004', '20031']);
const LIMITED = new Set(['52101', '52102', '70031', '70032']);
const NOT_THERE = /不存在/;
/** Where an answer stands cannot be told from the name of the method. */
const ANSWERS: Readonly<Record<string, string>> = {
  'pdd.mall.info.get': 'mall_info_get_response', 'pdd.order.number.list.increment.get': 'order_sn_increment_get_response', 'pdd.order.information.get': 'order_info_get_response',
  'pdd.logistics.online.send': 'logistics_online_send_response', 'pdd.order.upload.extra.logistics': 'order_upload_extra_logistics_response',
  'pdd.cloudprint.stdtemplates.get': 'pdd_cloudprint_stdtemplates_get_response', 'pdd.waybill.get': 'pdd_waybill_get_response',
  'pdd.goods.list.get': 'goods_list_get_response', 'pdd.goods.detail.get': 'goods_detail_get_response', 'pdd.goods.quantity.update': 'goods_quantity_update_response',
};

interface ErrorResponse { readonly error_code: string; readonly error_msg?: string; readonly sub_code?: string; readonly sub_msg?: string }

/** Calls a method of Pinduoduo and gives what stands in its answer; numbers as text. */
export async function callPinduoduo<Answer>({ account, line, now }: ClientContext, type: string, business: Parameters, repeatable = true): Promise<Answer> {
  const parameters = {
    ...business, type, client_id: account.settings['clientId'] ?? '', access_token: account.secrets['accessToken'] ?? '',
    timestamp: String(Math.floor(now().getTime() / 1000)), data_type: 'JSON', version: 'V1',
  };
  let read: JsonObject = {};
  await line.send({
    method: 'POST', url: ROUTER, headers: { 'content-type': 'application/x-www-form-urlencoded;charset=utf-8' }, repeatable,
    body: new URLSearchParams({ ...parameters, sign: signCall(parameters, account.secrets['clientSecret'] ?? '') }).toString(),
    judge: (answer) => {
      if (answer.status !== 200) return undefined;
      read = answerObject(answer.body);
      return 'error_response' in read ? refusalOf(read['error_response'] as ErrorResponse) : undefined;
    },
  });
  const answer = read[ANSWERS[type] ?? ''];
  if (typeof answer !== 'object' || answer === null) throw new PlatformError('ANSWER_INVALID');
  return answer as Answer;
}

function refusalOf({ error_code: code, error_msg: message = '', sub_code: subCode, sub_msg: subMessage = '' }: ErrorResponse): PlatformError {
  const platformCode = platformCodeOf(code, subCode);
  if (LIMITED.has(code)) return new PlatformError('THROTTLED', { platformCode, retryAfterMs: 1_000 });
  if (KEY_CODES.has(code)) return new PlatformError('CREDENTIALS_REFUSED', { platformCode });
  if (NOT_THERE.test(message) || NOT_THERE.test(subMessage)) return new PlatformError('NOT_FOUND', { platformCode });
  // From 51000 on it is the platform's own fault, which passes; 50001 is a rule of its business.
  return new PlatformError(/^(50000|5[12]\d{3})$/.test(code) ? 'PLATFORM_DOWN' : 'REQUEST_REFUSED', { platformCode });
}
