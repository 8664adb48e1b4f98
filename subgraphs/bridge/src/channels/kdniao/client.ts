import type { JsonObject } from '../asking/answer-object.js';
import { fromBeijing } from '../reading/beijing-time.js';
import { carrierDesk } from '../waybills/carrier-desk.js';
import type { ClientContext, Connector, ParcelToTrack, Tracked, TrackState } from '../connector.js';
import { call, companyOf } from './api.js';
import { issueWaybill } from './waybill.js';

const STATES: Readonly<Record<string, TrackState>> = { 0: 'UNKNOWN', 1: 'PICKED_UP', 2: 'IN_TRANSIT', 3: 'DELIVERED', 4: 'PROBLEM' };
/** Finer states that say more than the coarse one. */
const FINER: Readonly<Record<string, TrackState>> = { 202: 'OUT_FOR_DELIVERY', 211: 'OUT_FOR_DELIVERY', 304: 'RETURNED' };

/** Kdniao: numbers of many carriers, and where parcels are, by the request types that every customer has. */
export const kdniaoConnector: Connector = carrierDesk([{ name: 'businessId', secret: false, form: /^\d{5,12}$/ }, { name: 'appKey', secret: true, form: /^[\w-]{8,64}$/ }], (context) => ({
  issueWaybill: (waybill) => issueWaybill(context, waybill),
  trackParcel: (parcel) => trackParcel(context, parcel),
  followParcel: async (parcel) => { await call(context, '/api/dist', '1008', dataOf(parcel)); },
}));

// Some carriers ask for the end of the receiver's phone under this name.
const dataOf = ({ carrier, trackingNumber, phoneEnd }: ParcelToTrack): object =>
  ({ ShipperCode: companyOf(carrier), LogisticCode: trackingNumber, ...(phoneEnd !== null && { CustomerName: phoneEnd }) });

const trackParcel = async (context: ClientContext, parcel: ParcelToTrack): Promise<Tracked> => trackedOf(await call(context, '/Ebusiness/EbusinessOrderHandle.aspx', '1002', dataOf(parcel)));

/** The way of a parcel, as an answer or a push tells it: oldest first there. */
export function trackedOf(result: JsonObject): Tracked {
  const { State: state = '0', StateEx: finer = '', Traces: traces = [] } = result as { State?: string; StateEx?: string; Traces?: readonly { readonly AcceptTime?: string; readonly AcceptStation?: string }[] };
  const events = traces.flatMap(({ AcceptTime, AcceptStation }) => { const at = fromBeijing(AcceptTime); return at === null ? [] : [{ at, text: AcceptStation ?? '' }]; });
  return { state: FINER[finer] ?? STATES[state] ?? 'UNKNOWN', events: events.reverse() };
}
