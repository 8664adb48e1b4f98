import { PlatformError } from '../../outbound/platform-error.js';
import { contractsOf } from '../waybills/contracts.js';
import type { ClientContext, IssuedWaybill, PostalAddress, WaybillToIssue } from '../connector.js';
import { call, companyOf } from './api.js';

/** Signs that the platform does not take in free text. */
const NOT_TAKEN = /['"#&+<>%\\]/g;
const plain = (text: string): string => text.replace(NOT_TAKEN, ' ');
/** Paid by the sender at the end of the month; where there is no contract, at once. */
const [MONTHLY, AT_ONCE] = [3, 1];
const STANDARD = 1;
/** It was ordered under this id before: the answer tells the number of then. */
const ORDERED_BEFORE = '106';

const person = ({ name, phone, province, city, address }: PostalAddress): object =>
  ({ Name: plain(name), Mobile: plain(phone), ProvinceName: plain(province), CityName: plain(city), ExpAreaName: '', Address: plain(address) });

interface Ordered { readonly LogisticCode?: string; readonly MarkDestination?: string; readonly SortingCode?: string }

/** Its electronic waybills. An order code is good for one number. */
export async function issueWaybill(context: ClientContext, { requestId, carrier, sender, receiver, goods, pieces, weightGrams }: WaybillToIssue): Promise<IssuedWaybill> {
  const contract = contractsOf(context.account)[carrier];
  const read = await call(context, '/api/EOrderService', '1007', {
    OrderCode: requestId, ShipperCode: companyOf(carrier), CustomerName: contract?.account ?? '', CustomerPwd: contract?.password ?? '', SendSite: contract?.branch ?? '',
    PayType: contract === undefined ? AT_ONCE : MONTHLY, ExpType: STANDARD, Sender: person(sender), Receiver: person(receiver), Commodity: [{ GoodsName: plain(goods), Goodsquantity: pieces }],
    Quantity: 1, ...(weightGrams !== null && { Weight: weightGrams / 1000 }), IsReturnPrintTemplate: '0',
  }, ({ ResultCode, Order }) => ResultCode === ORDERED_BEFORE && typeof (Order as Ordered | undefined)?.LogisticCode === 'string');
  const { LogisticCode, MarkDestination, SortingCode } = (read['Order'] ?? {}) as Ordered;
  if (!LogisticCode) throw new PlatformError('ANSWER_INVALID');
  return { trackingNumber: LogisticCode, routeCode: MarkDestination || null, sortingCode: SortingCode || null, printData: null };
}
