// Cainiao's way of asking for a number, which Taobao and, with its words kept, Pinduoduo take.
import { PlatformError } from '../../outbound/platform-error.js';
import type { IssuedWaybill, PostalAddress, WaybillToIssue } from '../connector.js';

const person = ({ name, phone, province, city, address }: PostalAddress): object => ({ name, mobile: phone, address: { province, city, detail: address } });

/** One parcel of one order. The package's id is ours: asked again it is the same number. */
export const cloudPrintRequest = (waybill: WaybillToIssue, { company, channel, templateUrl, sellerId, receiver }: { readonly company: string; readonly channel: string; readonly templateUrl: string; readonly sellerId: string; readonly receiver: object }): object => ({
  cp_code: company, sender: person(waybill.sender), need_encrypt: true,
  trade_order_info_dtos: [{
    object_id: waybill.requestId, template_url: templateUrl, user_id: sellerId,
    order_info: { order_channels_type: channel, trade_order_list: [waybill.externalOrderId] },
    package_info: { id: waybill.requestId, items: [{ name: waybill.goods, count: waybill.pieces }], ...(waybill.weightGrams !== null && { weight: waybill.weightGrams }) },
    // As masked as it came: the platform puts in whom its key names.
    recipient: { ...person(waybill.receiver), ...receiver },
  }],
});

interface Module { readonly object_id?: string; readonly waybill_code?: string; readonly print_data?: string }

/** The number for this request, with what the print component takes. */
export function issuedOf(modules: readonly Module[], { requestId }: Pick<WaybillToIssue, 'requestId'>): IssuedWaybill {
  const found = modules.find(({ object_id: id }) => id === undefined || id === requestId);
  if (!found?.waybill_code) throw new PlatformError('ANSWER_INVALID');
  return { trackingNumber: found.waybill_code, routeCode: null, sortingCode: null, printData: found.print_data || null };
}
