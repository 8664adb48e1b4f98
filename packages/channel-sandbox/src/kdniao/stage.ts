import { createHash } from 'node:crypto';
import { json } from '../json-answer.js';
import type { SandboxRequest, SandboxResponse } from '../server/sandbox.js';
import type { Stage } from '../stage.js';
import { beijingText, TrackStore } from '../track-store.js';

const BUSINESS = '1234567';
const APP_KEY = 'FAKE-app-key-0001';
const say = (body: object): SandboxResponse => json(200, { EBusinessID: BUSINESS, ...body });

function answer(store: TrackStore, { path, body }: SandboxRequest): SandboxResponse {
  const form = new URLSearchParams(body.toString());
  const requestData = form.get('RequestData') ?? '';
  const hex = createHash('md5').update(requestData + APP_KEY).digest('hex');
  if (form.get('EBusinessID') !== BUSINESS || form.get('DataType') !== '2' || form.get('DataSign') !== Buffer.from(hex).toString('base64')) return say({ Success: false, Reason: '签名验证失败' });
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
  return {
    platform: { name: 'kdniao', owns: (host) => host === 'api.kdniao.com', answer: (request) => answer(store, request) }, shopDomain: BUSINESS,
    settings: { businessId: BUSINESS }, secrets: { appKey: APP_KEY }, wrongSecrets: { appKey: 'FAKE-app-key-0002' },
    throttled: say({ Success: false, Reason: '今日访问次数超限' }),
    scan: (...scan) => store.scan(...scan),
    followed: () => store.followed,
  };
}
