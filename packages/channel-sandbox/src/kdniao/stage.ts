import { createHash } from 'node:crypto';
import { json } from '../json-answer.js';
import type { SandboxRequest, SandboxResponse } from '../server/sandbox.js';
import type { Stage } from '../stage.js';
import { beijingText, TrackStore } from '../track-store.js';
import { WaybillStore } from '../waybill-store.js';

const BUSINESS = '1234567';
const APP_KEY = 'FAKE-app-key-0001';
const CONTRACTS = { YUNDA: { account: 'yd-1', password: 'FAKE-yd', branch: 'HZ' }, EMS: { account: 'ems-1' }, SF: { account: '7550002' } };
const say = (body: object): SandboxResponse => json(200, { EBusinessID: BUSINESS, ...body });

const sign = (requestData: string): string => Buffer.from(createHash('md5').update(requestData + APP_KEY, 'utf8').digest('hex')).toString('base64');

interface Person { readonly Name?: string; readonly Mobile?: string; readonly ProvinceName?: string; readonly CityName?: string; readonly Address?: string }
interface EOrder { readonly OrderCode?: string; readonly ShipperCode?: string; readonly CustomerName?: string; readonly PayType?: number; readonly ExpType?: number; readonly Sender?: Person; readonly Receiver?: Person; readonly Commodity?: readonly { readonly GoodsName?: string }[]; readonly Quantity?: number }

/** Electronic waybills: an order code that was used is answered with its number, as something that was done before. */
function order(numbers: WaybillStore, { OrderCode = '', ShipperCode = '', CustomerName, PayType, ExpType, Sender, Receiver, Commodity, Quantity }: EOrder): SandboxResponse {
  const whole = (person: Person | undefined): boolean => Boolean(person?.Name && person.ProvinceName && person.CityName && person.Address && /^\d{7,12}$/.test(person.Mobile ?? ''));
  const texts = [Receiver?.Name, Receiver?.Address, Sender?.Name, Sender?.Address, Commodity?.[0]?.GoodsName].join('');
  if (!whole(Sender) || !whole(Receiver) || !Commodity?.[0]?.GoodsName || Quantity !== 1 || ExpType !== 1 || !OrderCode || OrderCode.length > 30 || /['"#&+<>%\\]/.test(texts)) return say({ Success: false, ResultCode: '105', Reason: '参数错误' });
  if (texts.includes('*')) return say({ Success: false, ResultCode: '105', Reason: '收件人信息不合法' });
  if (PayType !== 3 || !CustomerName || !['YD', 'EMS', 'SF'].includes(ShipperCode)) return say({ Success: false, ResultCode: '110', Reason: '未开通电子面单' });
  const given = numbers.give(OrderCode, ShipperCode, `${Receiver!.Name} ${Receiver!.Mobile} ${Receiver!.ProvinceName}${Receiver!.CityName}${Receiver!.Address}`);
  if (given === null) return say({ Success: false, ResultCode: '107', Reason: '订单号重复' });
  const Order = { OrderCode, ShipperCode, LogisticCode: given.number, MarkDestination: '杭州-西湖', SortingCode: 'HZ-01' };
  return given.isNew ? say({ Success: true, ResultCode: '100', Reason: '成功', Order }) : say({ Success: false, ResultCode: '106', Reason: '该订单号已下单成功', Order });
}

function answer(store: TrackStore, numbers: WaybillStore, { path, body }: SandboxRequest): SandboxResponse {
  const form = new URLSearchParams(body.toString());
  const requestData = form.get('RequestData') ?? '';
  const hex = createHash('md5').update(requestData + APP_KEY).digest('hex');
  if (form.get('EBusinessID') !== BUSINESS || form.get('DataType') !== '2' || form.get('DataSign') !== Buffer.from(hex).toString('base64')) return say({ Success: false, Reason: '签名验证失败' });
  if (path === '/api/EOrderService' && form.get('RequestType') === '1007') return order(numbers, JSON.parse(requestData) as EOrder);
  const { LogisticCode: number, ShipperCode: carrier } = JSON.parse(requestData) as { LogisticCode: string; ShipperCode: string };
  if (path === '/Ebusiness/EbusinessOrderHandle.aspx' && form.get('RequestType') === '1002') {
    const scans = store.scans.get(number);
    if (scans === undefined) return say({ Success: true, LogisticCode: number, ShipperCode: carrier, State: '0', Reason: '暂无轨迹信息', Traces: [] });
    return say({ Success: true, LogisticCode: number, ShipperCode: carrier, State: store.states.get(number) === 'DELIVERED' ? '3' : '2', Traces: scans.map(({ at, text }) => ({ AcceptTime: beijingText(at), AcceptStation: text })) });
  }
  if (path === '/api/dist' && form.get('RequestType') === '1008') {
    if (!store.followed.includes(number)) store.followed.push(number);
    return say({ Success: true, Reason: '', UpdateTime: beijingText(new Date()) });
  }
  return { status: 404 };
}

/** A customer of Kdniao. */
export function kdniaoStage(): Stage {
  const store = new TrackStore();
  const numbers = new WaybillStore('YD');
  const stage: Stage = {
    platform: { name: 'kdniao', owns: (host) => host === 'api.kdniao.com', answer: (request) => answer(store, numbers, request) }, shopDomain: BUSINESS,
    settings: { businessId: BUSINESS }, secrets: { appKey: APP_KEY, contracts: JSON.stringify(CONTRACTS) }, wrongSecrets: { appKey: 'FAKE-app-key-0002' },
    throttled: say({ Success: false, Reason: '今日访问次数超限' }),
    scan: (...scan) => store.scan(...scan),
    followed: () => store.followed,
    numbers: () => numbers.given,
    push: (n, at) => {
      store.scan(`YD${n}`, at, '已揽收', 'IN_TRANSIT');
      const { contentType, body } = stage.trackPush!(`YD${n}`, '');
      return { headers: { 'content-type': contentType }, body };
    },
    trackPush: (number) => {
      const Traces = (store.scans.get(number) ?? []).map(({ at, text }) => ({ AcceptTime: beijingText(at), AcceptStation: text }));
      const requestData = JSON.stringify({ PushTime: beijingText(new Date()), EBusinessID: BUSINESS, Count: '1', Data: [{ EBusinessID: BUSINESS, ShipperCode: 'YD', LogisticCode: number, Success: true, State: store.states.get(number) === 'DELIVERED' ? '3' : '2', Traces }] });
      return { contentType: 'application/x-www-form-urlencoded', body: new URLSearchParams({ RequestType: '101', RequestData: requestData, DataSign: sign(requestData) }).toString() };
    },
  };
  return stage;
}
