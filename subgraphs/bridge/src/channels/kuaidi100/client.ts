import { PlatformError } from '../../outbound/platform-error.js';
import { answerObject, type JsonObject } from '../asking/answer-object.js';
import { fromBeijing } from '../reading/beijing-time.js';
import { carrierDesk } from '../waybills/carrier-desk.js';
import type { ClientContext, Connector, ParcelToTrack, Tracked, TrackState } from '../connector.js';
import { companyOf } from './companies.js';
import { signQuery } from './signer.js';
import { issueWaybill } from './waybill.js';

const HOST = 'https://poll.kuaidi100.com';
const STATES: Readonly<Record<string, TrackState>> = {
  0: 'IN_TRANSIT', 1: 'PICKED_UP', 2: 'PROBLEM', 3: 'DELIVERED', 4: 'RETURNED', 5: 'OUT_FOR_DELIVERY', 6: 'RETURNING', 7: 'IN_TRANSIT', 8: 'IN_TRANSIT', 14: 'PROBLEM',
};
/** 601: the key is over; 503: the signature; 700 and 600: this kind of call was not bought. */
const KEY_CODES = new Set(['503', '601', '600', '700']);
const NOTHING_YET = new Set(['500', '400']);
const KNOWN_ALREADY = '501';

/** Kuaidi100: numbers of many carriers, and where parcels are. One number is not to be asked for more often than every half hour; it is better followed. */
export const kuaidi100Connector: Connector = carrierDesk([
  { name: 'customer', secret: false, form: /^[0-9A-F]{32}$/ },
  { name: 'key', secret: true, form: /^\w{8,32}$/ },
  // Signs orders of waybills; those who only look where parcels are have none.
  { name: 'secret', secret: true, standard: '', form: /^\w{0,64}$/ },
], (context) => ({
  issueWaybill: (waybill) => issueWaybill(context, waybill),
  trackParcel: (parcel) => trackParcel(context, parcel),
  followParcel: (parcel, { url, salt }) => followParcel(context, parcel, url, salt),
}));

async function send({ line }: ClientContext, path: string, form: Readonly<Record<string, string>>, isFine: (code: string) => boolean): Promise<JsonObject> {
  let read: JsonObject = {};
  await line.send({
    method: 'POST', url: `${HOST}${path}`, headers: { 'content-type': 'application/x-www-form-urlencoded;charset=utf-8' }, body: new URLSearchParams(form).toString(), repeatable: true,
    judge: ({ status, body }) => {
      if (status !== 200) return undefined;
      read = answerObject(body);
      const { status: good, returnCode: code, result } = read as { status?: string; returnCode?: string; result?: boolean };
      if (good === '200' || result === true || (code !== undefined && isFine(code))) return undefined;
      if (code === undefined) return new PlatformError('ANSWER_INVALID');
      if (KEY_CODES.has(code)) return new PlatformError('CREDENTIALS_REFUSED', { platformCode: code });
      return code === '502' ? new PlatformError('THROTTLED', { platformCode: code, retryAfterMs: 1_000 }) : new PlatformError('REQUEST_REFUSED', { platformCode: code });
    },
  });
  return read;
}

async function trackParcel(context: ClientContext, { carrier, trackingNumber, phoneEnd }: ParcelToTrack): Promise<Tracked> {
  const customer = context.account.settings['customer'] ?? '';
  const param = JSON.stringify({ com: companyOf(carrier), num: trackingNumber, ...(phoneEnd !== null && { phone: phoneEnd }), resultv2: '1', order: 'desc' });
  return trackedOf(await send(context, '/poll/query.do', { customer, param, sign: signQuery({ param, key: context.account.secrets['key'] ?? '', customer }) }, (code) => NOTHING_YET.has(code)));
}

/** The way of a parcel, as an answer or the `lastResult` of a push tells it. */
export function trackedOf(result: JsonObject): Tracked {
  const { state = '', data = [] } = result as { state?: string; data?: readonly { readonly time?: string; readonly context?: string }[] };
  const events = data.flatMap(({ time, context }) => { const at = fromBeijing(time); return at === null ? [] : [{ at, text: context ?? '' }]; });
  // With finer codes the first digit is the state: 101 is 1.
  const coarse = Object.hasOwn(STATES, state) ? state : state.slice(0, state.length - 2);
  return { state: events.length === 0 ? 'UNKNOWN' : STATES[coarse] ?? 'IN_TRANSIT', events };
}

async function followParcel(context: ClientContext, { carrier, trackingNumber, phoneEnd }: ParcelToTrack, callbackurl: string, salt: string): Promise<void> {
  const param = JSON.stringify({ company: companyOf(carrier), number: trackingNumber, key: context.account.secrets['key'], parameters: { callbackurl, salt, resultv2: '1', ...(phoneEnd !== null && { phone: phoneEnd }) } });
  await send(context, '/poll', { schema: 'json', param }, (code) => code === KNOWN_ALREADY);
}
