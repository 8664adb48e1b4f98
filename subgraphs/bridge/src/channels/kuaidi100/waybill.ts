import { PlatformError } from '../../outbound/platform-error.js';
import { answerObject, type JsonObject } from '../asking/answer-object.js';
import { contractsOf } from '../waybills/contracts.js';
import type { ClientContext, IssuedWaybill, PostalAddress, WaybillToIssue } from '../connector.js';
import { platformCodeOf } from '../asking/platform-code.js';
import { companyOf } from './companies.js';
import { signLabelOrder } from './signer.js';

const LABEL_ORDER = 'https://api.kuaidi100.com/label/order';
const FINE = '200';
const KEY_CODES = new Set(['601', '503', '600', '700', '30002']);
const LIMITED = '502';

const person = ({ name, phone, province, city, address }: PostalAddress): object => ({ name, mobile: phone, printAddr: `${province}${city}${address}` });

/** Its electronic waybills, version 2. The same order id within two days is the same number, since `reorder` is false. */
export async function issueWaybill({ account, line, now }: ClientContext, waybill: WaybillToIssue): Promise<IssuedWaybill> {
  const { requestId, carrier, sender, receiver, goods, pieces, weightGrams } = waybill;
  const contract = contractsOf(account)[carrier];
  const param = JSON.stringify({
    printType: 'NON', partnerId: contract?.account ?? '', partnerKey: contract?.password ?? '', net: contract?.branch ?? '', kuaidicom: companyOf(carrier), recMan: person(receiver), sendMan: person(sender),
    cargo: goods, count: pieces, ...(weightGrams !== null && { weight: weightGrams / 1000 }), payType: 'SHIPPER', expType: '标准快递', orderId: requestId, reorder: false,
  });
  const [key, timestamp] = [account.secrets['key'] ?? '', String(now().getTime())];
  const form = { method: 'order', key, t: timestamp, param, sign: signLabelOrder({ param, timestamp, key, secret: account.secrets['secret'] ?? '' }) };
  let read: JsonObject = {};
  await line.send({
    method: 'POST', url: LABEL_ORDER, headers: { 'content-type': 'application/x-www-form-urlencoded;charset=utf-8' }, body: new URLSearchParams(form).toString(), repeatable: true,
    judge: ({ status, body }) => {
      if (status !== 200) return undefined;
      read = answerObject(body);
      const { code } = read as { code?: string };
      if (code === FINE) return undefined;
      if (code === undefined) return new PlatformError('ANSWER_INVALID');
      const platformCode = platformCodeOf(code);
      if (code === LIMITED) return new PlatformError('THROTTLED', { platformCode, retryAfterMs: 1_000 });
      return new PlatformError(KEY_CODES.has(code) ? 'CREDENTIALS_REFUSED' : 'REQUEST_REFUSED', { platformCode });
    },
  });
  const { kuaidinum, bulkpen, orgCode } = (read['data'] ?? {}) as { kuaidinum?: string; bulkpen?: string; orgCode?: string };
  if (!kuaidinum) throw new PlatformError('ANSWER_INVALID');
  return { trackingNumber: kuaidinum, routeCode: bulkpen || null, sortingCode: orgCode || null, printData: null };
}
