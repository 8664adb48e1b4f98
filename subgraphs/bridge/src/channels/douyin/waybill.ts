import { PlatformError } from '../../outbound/platform-error.js';
import { carrierCode } from '../waybills/carrier-code.js';
import type { ClientContext, IssuedWaybill, WaybillToIssue } from '../connector.js';
import { callDouyin } from './api.js';

/** Its waybills' words for carriers, which differ from those of shipping in part. */
const CODES: Readonly<Record<string, string>> = { SF: 'shunfeng', ZTO: 'zhongtong', YTO: 'yuantong', STO: 'shentong', YUNDA: 'yunda', EMS: 'youzhengguonei', DEPPON: 'debangwuliu' };

interface Created { readonly ebill_infos?: readonly { readonly order_id?: string; readonly track_no?: string; readonly sort_code?: string; readonly package_center_name?: string }[]; readonly err_infos?: readonly { readonly err_code?: string }[] }
interface Applied { readonly waybill_infos?: readonly { readonly track_no?: string; readonly print_data?: string; readonly sign?: string }[] }

/** The receiver's ciphertexts, as `to-order` keeps them. */
function ciphersOf(key: string | null): readonly [string, string, string] {
  const read: unknown = key === null ? null : JSON.parse(key);
  if (!Array.isArray(read) || read.length !== 3) throw new PlatformError('REQUEST_REFUSED', { platformCode: 'RECEIVER_UNKNOWN' });
  return read as unknown as readonly [string, string, string];
}

/** Douyin's electronic waybill, for the receiver whom the ciphertexts name; a second call tells what its component prints. */
export async function issueWaybill(context: ClientContext, waybill: WaybillToIssue): Promise<IssuedWaybill> {
  const [name, phone, street] = ciphersOf(waybill.receiverKey);
  const company = carrierCode(CODES, waybill.carrier, waybill.carrier.toLowerCase());
  const { sender, receiver } = waybill;
  const { ebill_infos: issued = [], err_infos: errors = [] } = await callDouyin<Created>(context, 'logistics.newCreateOrder', {
    logistics_code: company,
    sender_info: { address: { country_code: 'CHN', province_name: sender.province, city_name: sender.city, detail_address: sender.address }, contact: { name: sender.name, mobile: sender.phone } },
    order_infos: [{
      order_id: waybill.externalOrderId, pack_id: waybill.requestId,
      receiver_info: { address: { country_code: 'CHN', province_name: receiver.province, city_name: receiver.city, detail_address: street }, contact: { name, mobile: phone } },
      items: [{ item_name: waybill.goods, item_count: waybill.pieces }],
    }],
  });
  const number = issued[0]?.track_no;
  if (number === undefined) throw new PlatformError(errors.length > 0 ? 'REQUEST_REFUSED' : 'ANSWER_INVALID', { platformCode: /^\w{1,40}$/.test(errors[0]?.err_code ?? '') ? errors[0]!.err_code! : 'EBILL' });
  const { waybill_infos: [printable] = [] } = await callDouyin<Applied>(context, 'logistics.waybillApply', { waybill_applies: [{ logistics_code: company, track_no: number }] });
  const print = printable?.print_data ? JSON.stringify({ encryptedData: printable.print_data, signature: printable.sign ?? '', templateURL: '', ver: 'douyin' }) : null;
  return { trackingNumber: number, routeCode: issued[0]?.sort_code || null, sortingCode: issued[0]?.package_center_name || null, printData: print };
}
