import { createHash } from 'node:crypto';
import { json } from '../json-answer.js';
import type { SandboxRequest, SandboxResponse } from '../server/sandbox.js';
import type { Stage } from '../stage.js';
import { beijingText, TrackStore } from '../track-store.js';

const KEY = 'FAKEkey0001';
const CUSTOMER = '0123456789ABCDEF0123456789ABCDEF';
const refuse = (returnCode: string, message: string): SandboxResponse => json(200, { result: false, returnCode, message });

function answer(store: TrackStore, { path, body }: SandboxRequest): SandboxResponse {
  const form = new URLSearchParams(body.toString());
  const param = form.get('param') ?? '';
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
  return {
    platform: { name: 'kuaidi100', owns: (host) => host === 'poll.kuaidi100.com', answer: (request) => answer(store, request) }, shopDomain: CUSTOMER,
    settings: { customer: CUSTOMER }, secrets: { key: KEY }, wrongSecrets: { key: 'FAKEkey0002' },
    throttled: refuse('502', '服务器繁忙'),
    scan: (...scan) => store.scan(...scan),
    followed: () => store.followed,
  };
}
