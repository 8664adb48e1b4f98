import { PlatformError } from '../../outbound/platform-error.js';
import { answerObject, type JsonObject } from '../asking/answer-object.js';
import { askJson } from '../asking/ask-json.js';
import { carrierCode } from '../waybills/carrier-code.js';
import type { ClientContext, Parcel, Renewed } from '../connector.js';
import { transactionOf } from './pay.js';

const HOST = 'https://api.weixin.qq.com';
const KEY_CODES = new Set(['40001', '40014', '41001', '42001', '40013', '40125']);
const LIMITED = new Set(['45009', '45011', '-1']);
const CARRIERS: Readonly<Record<string, string>> = { SF: 'SF', ZTO: 'ZTO', YTO: 'YTO', STO: 'STO', YUNDA: 'YD', EMS: 'EMS', DEPPON: 'DBL' };

/** Calls the mini-program's server API, which answers 200 to everything. */
export const callMiniProgram = (context: ClientContext, path: string, json: object, { repeatable = true, signedIn = true } = {}): Promise<JsonObject> => askJson(context, {
  method: 'POST', url: `${HOST}${path}${signedIn ? `?${new URLSearchParams({ access_token: context.account.secrets['accessToken'] ?? '' }).toString()}` : ''}`, json, repeatable,
  refusal: ({ status, body }) => {
    if (status !== 200) return undefined;
    const { errcode = '0' } = answerObject(body) as { errcode?: string };
    if (errcode === '0') return undefined;
    const details = { status, platformCode: /^-?\d{1,8}$/.test(errcode) ? errcode : 'OTHER' };
    if (KEY_CODES.has(errcode)) return new PlatformError('CREDENTIALS_REFUSED', details);
    return LIMITED.has(errcode) ? new PlatformError('THROTTLED', { ...details, retryAfterMs: 1_000 }) : new PlatformError('REQUEST_REFUSED', details);
  },
});

/** A token that does not end those that others hold, for two hours. */
export async function renewToken(context: ClientContext): Promise<Renewed> {
  const { access_token: accessToken, expires_in: lives = '' } = await callMiniProgram(context, '/cgi-bin/stable_token', {
    grant_type: 'client_credential', appid: context.account.settings['appId'], secret: context.account.secrets['appSecret'],
  }, { signedIn: false }) as { access_token?: string; expires_in?: string };
  if (!accessToken || !/^\d{1,6}$/.test(lives)) throw new PlatformError('ANSWER_INVALID');
  return { secrets: { accessToken }, expiresAt: new Date(context.now().getTime() + Number(lives) * 1000) };
}

interface Shipped { readonly order?: { readonly shipping?: { readonly shipping_list?: readonly { readonly tracking_no?: string }[] } } }

/** Tells WeChat that a paid order has been sent: until then the money stays frozen. The order is known by its payment's number. */
export async function uploadShipping(context: ClientContext, { externalOrderId, trackingNumber, carrier, lines, contact }: Parcel): Promise<'WRITTEN' | 'ALREADY_THERE'> {
  const { mchid } = context.account.settings;
  const paid = await transactionOf(context, externalOrderId);
  if (paid === null) throw new PlatformError('NOT_FOUND');
  const { order } = await callMiniProgram(context, '/wxa/sec/order/get_order', { merchant_id: mchid, merchant_trade_no: externalOrderId }) as Shipped;
  const told = order?.shipping?.shipping_list ?? [];
  if (told.some(({ tracking_no: number }) => number === trackingNumber)) return 'ALREADY_THERE';
  // In one parcel, or one of several: WeChat asks of the last whether it is.
  const isWhole = lines === null && told.length === 0;
  await callMiniProgram(context, '/wxa/sec/order/upload_shipping_info', {
    order_key: { order_number_type: 1, mchid, out_trade_no: externalOrderId }, logistics_type: 1, delivery_mode: isWhole ? 1 : 2, ...(!isWhole && { is_all_delivered: lines === null }),
    shipping_list: [{ tracking_no: trackingNumber, express_company: carrierCode(CARRIERS, carrier, carrier), item_desc: '商品', ...(contact && { contact: { receiver_contact: contact } }) }],
    upload_time: context.now().toISOString(), payer: { openid: paid.payer?.openid },
  }, { repeatable: false });
  return 'WRITTEN';
}
