import { createHash, createHmac } from 'node:crypto';
import type { SandboxPlatform, SandboxRequest, SandboxResponse } from '../server/sandbox.js';
import { refuse } from './answer.js';
import type { TaobaoShop } from './shop.js';

const MOST_DRIFT_MS = 10 * 60_000;
type Form = Readonly<Record<string, string>>;

/** Taobao's gateway with these sellers behind it; signatures, clocks and sessions are checked as TOP does. */
export function taobaoSandbox(shops: readonly TaobaoShop[], now: () => number = Date.now): SandboxPlatform {
  return { name: 'taobao', owns: (host) => host === 'gw.api.taobao.com', answer: (request) => answer(request, shops, now()) };
}

function answer(request: SandboxRequest, shops: readonly TaobaoShop[], now: number): SandboxResponse {
  const form: Form = Object.fromEntries(new URLSearchParams(request.body.toString()));
  const { method = '', app_key: appKey = '', session = '', timestamp = '', sign = '' } = form;
  if (request.path !== '/router/rest' || request.method !== 'POST') return { status: 404 };
  const shop = shops.find((one) => one.appKey === appKey);
  if (shop === undefined) return refuse('29', 'Invalid app Key', 'isv.appkey-not-exists');
  if (Math.abs(Date.parse(`${timestamp.replace(' ', 'T')}+08:00`) - now) > MOST_DRIFT_MS) return refuse('31', 'Invalid timestamp');
  if (sign !== expectedSign(form, shop.appSecret)) return refuse('25', 'Invalid signature');
  if (session === '') return refuse('26', 'Missing session');
  if (session !== shop.session) return refuse('27', 'Invalid session', 'invalid-sessionkey');
  if (shop.throttled > 0) { shop.throttled -= 1; return refuse('7', 'App Call Limited', 'accesscontrol.limited-by-api-access-count'); }
  return shop.call(method, form);
}

function expectedSign(form: Form, secret: string): string {
  let text = '';
  for (const name of Object.keys(form).sort()) if (name !== 'sign' && form[name] !== '') text += name + form[name]!;
  if (form['sign_method'] === 'md5') return createHash('md5').update(secret + text + secret, 'utf8').digest('hex').toUpperCase();
  return createHmac(form['sign_method'] === 'hmac' ? 'md5' : 'sha256', secret).update(text, 'utf8').digest('hex').toUpperCase();
}
