import { PlatformError } from '../../outbound/platform-error.js';
import { answerObject, type JsonObject } from '../answer-object.js';
import { fromBeijing } from '../beijing-time.js';
import { carrierCode } from '../carrier-code.js';
import type { Client, ClientContext, Connector, ParcelToTrack, Tracked, TrackState } from '../connector.js';
import { dataSign } from './signer.js';

const HOST = 'https://api.kdniao.com';
const CARRIERS: Readonly<Record<string, string>> = { SF: 'SF', ZTO: 'ZTO', YTO: 'YTO', STO: 'STO', YUNDA: 'YD', EMS: 'EMS', DEPPON: 'DBL' };
const STATES: Readonly<Record<string, TrackState>> = { 0: 'UNKNOWN', 1: 'PICKED_UP', 2: 'IN_TRANSIT', 3: 'DELIVERED', 4: 'PROBLEM' };
/** Finer states that say more than the coarse one. */
const FINER: Readonly<Record<string, TrackState>> = { 202: 'OUT_FOR_DELIVERY', 211: 'OUT_FOR_DELIVERY', 304: 'RETURNED' };
const KEY_WORDS = /签名|用户|商户|EBusinessID|DataSign|未授权|没有权限/;
const LIMITED = /次数|频繁|超限/;

/** Kdniao: where parcels are, by the request types that every customer has. */
export const kdniaoConnector: Connector = {
  fields: [
    { name: 'businessId', secret: false, form: /^\d{5,12}$/ },
    { name: 'appKey', secret: true, form: /^[\w-]{8,64}$/ },
  ],
  capabilities: ['trackParcel', 'followParcel'],
  stock: null,
  rate: { burst: 10, perSecond: 10 },
  pull: null,
  open: (context): Client => ({
    check: async () => {
      await trackParcel(context, { carrier: 'SF', trackingNumber: 'SF0000000000000', phoneEnd: '0000' });
      return { shopName: context.account.settings['businessId'] ?? '', apiVersion: null };
    },
    trackParcel: (parcel) => trackParcel(context, parcel),
    followParcel: async (parcel) => { await call(context, '/api/dist', '1008', dataOf(parcel)); },
  }),
};

// Some carriers ask for the end of the receiver's phone under this name.
const dataOf = ({ carrier, trackingNumber, phoneEnd }: ParcelToTrack): object =>
  ({ ShipperCode: carrierCode(CARRIERS, carrier, carrier), LogisticCode: trackingNumber, ...(phoneEnd !== null && { CustomerName: phoneEnd }) });

async function call({ account, line }: ClientContext, path: string, requestType: string, data: object): Promise<JsonObject> {
  const requestData = JSON.stringify(data);
  let read: JsonObject = {};
  await line.send({
    method: 'POST', url: `${HOST}${path}`, headers: { 'content-type': 'application/x-www-form-urlencoded;charset=utf-8' }, repeatable: true,
    body: new URLSearchParams({ RequestData: requestData, EBusinessID: account.settings['businessId'] ?? '', RequestType: requestType, DataSign: dataSign(requestData, account.secrets['appKey'] ?? ''), DataType: '2' }).toString(),
    judge: ({ status, body }) => {
      if (status !== 200) return undefined;
      read = answerObject(body);
      const { Success: isGood, Reason: reason = '' } = read as { Success?: boolean; Reason?: string };
      if (isGood === true) return undefined;
      if (isGood === undefined) return new PlatformError('ANSWER_INVALID');
      // Its only code is a sentence, which stays here.
      if (LIMITED.test(reason)) return new PlatformError('THROTTLED', { retryAfterMs: 1_000 });
      return new PlatformError(KEY_WORDS.test(reason) ? 'CREDENTIALS_REFUSED' : 'REQUEST_REFUSED');
    },
  });
  return read;
}

const trackParcel = async (context: ClientContext, parcel: ParcelToTrack): Promise<Tracked> => trackedOf(await call(context, '/Ebusiness/EbusinessOrderHandle.aspx', '1002', dataOf(parcel)));

/** The way of a parcel, as an answer or a push tells it: oldest first there. */
export function trackedOf(result: JsonObject): Tracked {
  const { State: state = '0', StateEx: finer = '', Traces: traces = [] } = result as { State?: string; StateEx?: string; Traces?: readonly { readonly AcceptTime?: string; readonly AcceptStation?: string }[] };
  const events = traces.flatMap(({ AcceptTime, AcceptStation }) => { const at = fromBeijing(AcceptTime); return at === null ? [] : [{ at, text: AcceptStation ?? '' }]; });
  return { state: FINER[finer] ?? STATES[state] ?? 'UNKNOWN', events: events.reverse() };
}
