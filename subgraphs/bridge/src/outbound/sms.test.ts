import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startSandbox, type Sandbox, type SandboxResponse } from '@quanyu/channel-sandbox';
import { createHmac } from 'node:crypto';
import { Outbound } from './outbound.js';
import type { PlatformError } from './platform-error.js';
import { aliyunSms, signRpc } from './sms.js';

const SETTINGS = { accessKeyId: 'FAKE_ID', accessKeySecret: 'FAKE_SECRET', signName: '全域', template: 'SMS_1' };
let sandbox: Sandbox;
let outbound: Outbound;
let lines = 0;
let says: SandboxResponse | null = null;
const sent: Record<string, string>[] = [];

/** Checks the signature by the words of the manual, apart from ours. */
function answer(body: Buffer): SandboxResponse {
  if (says !== null) return says;
  const { Signature: signature, ...params } = Object.fromEntries(new URLSearchParams(body.toString()));
  const encode = (text: string): string => [...Buffer.from(text)].map((byte) => (/[A-Za-z0-9\-_.~]/.test(String.fromCharCode(byte)) ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)).join('');
  const query = Object.entries(params).sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&');
  if (createHmac('sha1', 'FAKE_SECRET&').update(`POST&${encode('/')}&${encode(query)}`).digest('base64') !== signature) return { status: 400, body: '{"Code":"SignatureDoesNotMatch"}' };
  sent.push(params);
  return { status: 200, body: '{"Code":"OK","BizId":"1"}' };
}

beforeAll(async () => {
  sandbox = await startSandbox([{ name: 'aliyun', owns: (host) => host === 'dysmsapi.aliyuncs.com', answer: ({ body }) => answer(body) }]);
  outbound = new Outbound({ via: sandbox.url, backoffMs: 1 });
});
afterAll(async () => { await outbound.close(); await sandbox.close(); });
beforeEach(() => { says = null; sent.length = 0; });

const sender = (secret = 'FAKE_SECRET') => aliyunSms({ ...SETTINGS, accessKeySecret: secret }, outbound.line(String(lines += 1), { burst: 10, perSecond: 10 }));
const sms = { phone: '+8613800000001', params: { code: 'STOCK 不足', at: "it's (1*2)!" }, id: 'msg_1' };
const codeOf = (call: Promise<void>): Promise<string> => call.then(() => 'none', (error: unknown) => (error as PlatformError).code);

describe('a short message', () => {
  it('is signed as the manual says', () => {
    // The example of the manual.
    expect(signRpc('GET', {
      AccessKeyId: 'testid', Action: 'DescribeRegions', Format: 'XML', SignatureMethod: 'HMAC-SHA1', SignatureNonce: '3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf',
      SignatureVersion: '1.0', Timestamp: '2016-02-23T12:46:24Z', Version: '2014-05-26',
    }, 'testsecret')).toBe('OLeaidS1JvxuMvnyHOwuJ+uX5qY=');
  });

  it('goes by the approved template with its words alone', async () => {
    await sender().send(sms);
    expect(sent).toEqual([expect.objectContaining({ Action: 'SendSms', PhoneNumbers: '13800000001', SignName: '全域', TemplateCode: 'SMS_1', TemplateParam: JSON.stringify(sms.params), OutId: 'msg_1' })]);
    await sender().send({ ...sms, phone: '+4915123456789' });
    expect(sent[1]!['PhoneNumbers']).toBe('004915123456789');
  });

  it('that is not taken says why in our codes, and quotes nothing', async () => {
    expect(await codeOf(sender('FAKE_OTHER').send(sms))).toBe('CREDENTIALS_REFUSED');
    for (const [status, body, code] of [
      [200, '{"Code":"isv.BUSINESS_LIMIT_CONTROL"}', 'THROTTLED'], [200, '{"Code":"isv.MOBILE_NUMBER_ILLEGAL","Message":"13800000001"}', 'REQUEST_REFUSED'],
      [200, '<html>', 'ANSWER_INVALID'], [503, 'down', 'PLATFORM_DOWN'],
    ] as const) {
      says = { status, body };
      expect([body, await codeOf(sender().send(sms))]).toEqual([body, code]);
    }
  }, 30_000);
});
