import { PlatformError } from '../../outbound/platform-error.js';
import { cloudPrintRequest, issuedOf } from '../waybills/cloud-print.js';
import type { ClientContext, IssuedWaybill, WaybillToIssue } from '../connector.js';
import { companyOf } from './companies.js';
import { callTop } from './top.js';

interface Templates { readonly result?: { readonly datas?: { readonly standard_template_result?: readonly { readonly cp_code?: string; readonly standard_templates?: { readonly standard_template_do?: readonly { readonly standard_template_url?: string }[] } }[] } } }
interface Answer { readonly modules?: { readonly waybill_cloud_print_response?: readonly { readonly object_id?: string; readonly waybill_code?: string; readonly print_data?: string }[] } }

/** Cainiao's electronic waybill, for the receiver whom the OAID names. */
export async function issueWaybill(context: ClientContext, waybill: WaybillToIssue): Promise<IssuedWaybill> {
  const company = companyOf(waybill.carrier);
  const { result } = await callTop<Templates>(context, 'cainiao.cloudprint.stdtemplates.get', {});
  const templateUrl = result?.datas?.standard_template_result?.find(({ cp_code: code }) => code === company)?.standard_templates?.standard_template_do?.[0]?.standard_template_url;
  if (templateUrl === undefined) throw new PlatformError('REQUEST_REFUSED', { platformCode: 'NO_TEMPLATE' });
  const { modules } = await callTop<Answer>(context, 'cainiao.waybill.ii.get', {
    param_waybill_cloud_print_apply_new_request: JSON.stringify(cloudPrintRequest(waybill, { company, channel: 'TB', templateUrl, sellerId: '0', receiver: { oaid: waybill.receiverKey ?? '', tid: waybill.externalOrderId } })),
  });
  return issuedOf(modules?.waybill_cloud_print_response ?? [], waybill);
}
