import { carrierCode } from '../waybills/carrier-code.js';
import { issuedOf } from '../waybills/cloud-print.js';
import type { ClientContext, IssuedWaybill, PostalAddress, WaybillToIssue } from '../connector.js';
import { callArk } from './api.js';

/** Its waybills' words for carriers, which differ from those of shipping. */
const CODES: Readonly<Record<string, string>> = { SF: 'shunfeng', ZTO: 'zto', YTO: 'yto', STO: 'sto', YUNDA: 'yunda', EMS: 'ems', DEPPON: 'debangkuaidi' };

interface Answer { readonly wayBillList?: readonly { readonly objectId?: string; readonly waybillCode?: string; readonly printData?: string }[] }

const person = ({ name, phone, province, city, address }: PostalAddress): object => ({ name, mobile: phone, address: { province, city, detail: address } });

/** Xiaohongshu's electronic waybill, for the receiver whom the address id names. */
export async function issueWaybill(context: ClientContext, waybill: WaybillToIssue): Promise<IssuedWaybill> {
  const { wayBillList = [] } = await callArk<Answer>(context, 'express.createEbillOrders', {
    cpCode: carrierCode(CODES, waybill.carrier, waybill.carrier.toLowerCase()), sender: person(waybill.sender),
    tradeOrderInfoList: [{
      objectId: waybill.requestId, orderInfo: { orderChannelsType: 'XIAO_HONG_SHU', tradeOrderList: [waybill.externalOrderId], xhsOrderId: waybill.externalOrderId },
      packageInfo: { id: waybill.requestId, items: [{ name: waybill.goods, count: waybill.pieces }], ...(waybill.weightGrams !== null && { weight: waybill.weightGrams }) },
      recipient: { openAddressId: waybill.receiverKey ?? '' },
    }],
  });
  return issuedOf(wayBillList.map(({ objectId, waybillCode, printData }) => ({ ...(objectId !== undefined && { object_id: objectId }), ...(waybillCode !== undefined && { waybill_code: waybillCode }), ...(printData !== undefined && { print_data: printData }) })), waybill);
}
