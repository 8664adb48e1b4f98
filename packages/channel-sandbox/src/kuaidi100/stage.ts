import { createHash } from 'node:crypto';
import { json } from '../json-answer.js';
import type { SandboxRequest, SandboxResponse } from '../server/sandbox.js';
import type { Stage } from '../stage.js';
import { beijingText, TrackStore } from '../track-store.js';
import { WaybillStore } from '../waybill-store.js';

const KEY = 'FAKEkey0001';
const SECRET = 'FAKEsecret0001';
const CONTRACTS = { SF: { account: '7550001' }, ZTO: { account: 'zto-1', password: 'FAKE-zto' }, YTO: { account: 'yto-1', password: 'FAKE-yto' } };
const CUSTOMER = '0123456789ABCDEF0123456789ABCDEF';
const refuse = (returnCode: string, message: string): SandboxResponse => json(200, { result: false, returnCode, message });

const md5 = (text: string): string => createHash('md5').update(text, 'utf8').digest('hex').toUpperCase();

interface Person { readonly name?: string; readonly mobile?: string; readonly printAddr?: string }
interface LabelOrder { readonly printType?: string; readonly partnerId?: string; readonly kuaidicom?: string; readonly recMan?: Person; readonly sendMan?: Person; readonly cargo?: string; readonly count?: number; readonly orderId?: string; readonly reorder?: boolean }

/** Orders of electronic waybills: the same id is the same number, unless it is said to be ordered anew. */
function order(numbers: WaybillStore, form: URLSearchParams): SandboxResponse {
  const say = (code: number, message: string, data: object | null = null): SandboxResponse => json(200, { success: code === 200, code, message, time: 1, data });
  const [param, t] = [form.get('param') ?? '', form.get('t') ?? ''];
  if (form.get('key') !== KEY || form.get('sign') !== md5(`${param}${t}${KEY}${SECRET}`)) return say(601, 'sign校验失败');
  if (form.get('method') !== 'order' || !/^\d{13}$/.test(t)) return say(30001, '参数错误');
  const { printType, partnerId, kuaidicom = '', recMan, sendMan, cargo, count = 0, orderId = '', reorder } = JSON.parse(param) as LabelOrder;
  const whole = (person: Person | undefined): boolean => Boolean(person?.name && person.printAddr && /^\d{7,12}$/.test(person.mobile ?? ''));
  if (printType !== 'NON' || !whole(recMan) || !whole(sendMan) || !cargo || count < 1 || reorder !== false || !/^\w{1,32}$/.test(orderId)) return say(30001, '参数错误');
  // Masked receivers are nobody's: a carrier brings nothing to them.
  if (`${recMan!.name}${recMan!.printAddr}`.includes('*')) return say(30011, '收件人信息不合法');
  if (!['shunfeng', 'zhongtong', 'yuantong'].includes(kuaidicom) || partnerId === '') return say(30002001, '未开通该快递公司电子面单');
  const given = numbers.give(orderId, kuaidicom, `${recMan!.name} ${recMan!.mobile} ${recMan!.printAddr}`);
  return given === null ? say(30013, '订单重复') : say(200, 'success', { taskId: 'T', kuaidinum: given.number, bulkpen: '571-01 A12', orgCode: 'HZ' });
}

function answer(store: TrackStore, numbers: WaybillStore, { host, path, body }: SandboxRequest): SandboxResponse {
  const form = new URLSearchParams(body.toString());
  const param = form.get('param') ?? '';
  if (host === 'api.kuaidi100.com') return path === '/label/order' ? order(numbers, form) : { status: 404 };
  if (path === '/poll/query.do') {
    if (form.get('customer') !== CUSTOMER || form.get('sign') !== createHash('md5').update(param + KEY + CUSTOMER).digest('hex').toUpperCase()) return refuse('503', '验证签名失败');
    const { num, com } = JSON.parse(param) as { num: string; com: string };
    if (!/^[a-z]+$/.test(com)) return refuse('400', '提交的数据不完整');
    const scans = store.scans.get(num);
    if (scans === undefined) return refuse('500', '查询无结果，请隔段时间再查');
    const data = [...scans].reverse().map(({ at, text }) => ({ time: beijingText(at), ftime: beijingText(at), context: text, status: '在途' }));
    return json(200, { message: 'ok', nu: num, ischeck: '0', com, status: '200', state: store.states.get(num) === 'DELIVERED' ? '3' : '0', data });
  }
  if (path === '/poll' && form.get('schema') === 'json') {
    const { number, key, parameters } = JSON.parse(param) as { number: string; key: string; parameters: { callbackurl: string } };
    if (key !== KEY) return refuse('600', '您不是合法的订阅者');
    if (!parameters.callbackurl.startsWith('https://')) return refuse('702', '识别不到回调地址');
    if (store.followed.includes(number)) return refuse('501', '重复订阅');
    store.followed.push(number);
    return json(200, { result: true, returnCode: '200', message: '提交成功' });
  }
  return { status: 404 };
}

/** A customer of Kuaidi100. */
export function kuaidi100Stage(): Stage {
  const store = new TrackStore();
  const numbers = new WaybillStore('KD');
  const stage: Stage = {
    platform: { name: 'kuaidi100', owns: (host) => host === 'poll.kuaidi100.com' || host === 'api.kuaidi100.com', answer: (request) => answer(store, numbers, request) }, shopDomain: CUSTOMER,
    settings: { customer: CUSTOMER }, secrets: { key: KEY, secret: SECRET, contracts: JSON.stringify(CONTRACTS) }, wrongSecrets: { key: 'FAKEkey0002' },
    // Its two hosts name their codes differently.
    throttled: json(200, { result: false, returnCode: '502', success: false, code: 502, message: '服务器繁忙' }),
    scan: (...scan) => store.scan(...scan),
    followed: () => store.followed,
    numbers: () => numbers.given,
    push: (n, at, { secret }) => {
      store.scan(`SF${n}`, at, '已揽收', 'IN_TRANSIT');
      const { contentType, body } = stage.trackPush!(`SF${n}`, secret);
      return { headers: { 'content-type': contentType }, body };
    },
    trackPush: (number, salt) => {
      const data = [...store.scans.get(number) ?? []].reverse().map(({ at, text }) => ({ time: beijingText(at), ftime: beijingText(at), context: text, status: '在途' }));
      const delivered = store.states.get(number) === 'DELIVERED';
      const param = JSON.stringify({ status: delivered ? 'shutdown' : 'polling', billstatus: 'got', message: '', lastResult: { message: 'ok', state: delivered ? '3' : '0', status: '200', ischeck: delivered ? '1' : '0', com: 'shunfeng', nu: number, data } });
      return { contentType: 'application/x-www-form-urlencoded', body: new URLSearchParams({ sign: md5(`${param}${salt}`), param }).toString() };
    },
  };
  return stage;
}
