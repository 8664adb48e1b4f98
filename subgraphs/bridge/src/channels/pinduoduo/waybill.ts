import { PlatformError } from '../../outbound/platform-error.js';
import { cloudPrintRequest, issuedOf } from '../waybills/cloud-print.js';
import type { ClientContext, IssuedWaybill, WaybillToIssue } from '../connector.js';
import { callPinduoduo } from './api.js';
import { waybillCompanyOf } from './companies.js';

interface Templates { readonly result?: { readonly datas?: readonly { readonly wp_code?: string; readonly standard_templates?: readonly { readonly standard_template_url?: string }[] }[] } }
interface Answer { readonly modules?: readonly { readonly object_id?: string; readonly waybill_code?: string; readonly print_data?: string }[] }

/** Pinduoduo's electronic waybill: its receiver is known by the order. */
export async function issueWaybill(context: ClientContext, waybill: WaybillToIssue): Promise<IssuedWaybill> {
  const company = waybillCompanyOf(waybill.carrier);
  const { result } = await callPinduoduo<Templates>(context, 'pdd.cloudprint.stdtemplates.get', { wp_code: company });
  const templateUrl = result?.datas?.find(({ wp_code: code }) => code === company)?.standard_templates?.[0]?.standard_template_url;
  if (templateUrl === undefined) throw new PlatformError('REQUEST_REFUSED', { platformCode: 'NO_TEMPLATE' });
  const { cp_code: _cainiao, ...request } = cloudPrintRequest(waybill, { company, channel: 'PDD', templateUrl, sellerId: '0', receiver: {} }) as { readonly cp_code: string };
  const { modules } = await callPinduoduo<Answer>(context, 'pdd.waybill.get', { param_waybill_cloud_print_apply_new_request: JSON.stringify({ ...request, wp_code: company }) });
  return issuedOf(modules ?? [], waybill);
}
