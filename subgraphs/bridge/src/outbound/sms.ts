import { createHmac } from 'node:crypto';
import type { Line, PlatformRequest } from './outbound.js';
import { PlatformError } from './platform-error.js';

/** A short message by a template that its provider has approved: no free text leaves. */
export interface Sms { readonly phone: string; readonly params: Readonly<Record<string, string>>; /** The same in each of its tries. */ readonly id: string }

/** Sends short messages. @throws PlatformError */
export interface SmsSender { send(sms: Sms): Promise<void> }

/** Our account at Aliyun, and the approved signature and template of alerts. */
export interface AliyunSettings { readonly accessKeyId: string; readonly accessKeySecret: string; readonly signName: string; readonly template: string }

const HOST = 'https://dysmsapi.aliyuncs.com/';
const encode = (text: string): string => encodeURIComponent(text).replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
const canonical = (params: Readonly<Record<string, string>>): string => Object.keys(params).sort().map((name) => `${encode(name)}=${encode(params[name]!)}`).join('&');

/** The signature of Aliyun's RPC calls: HMAC-SHA-1 over the sorted parameters. */
export const signRpc = (method: 'GET' | 'POST', params: Readonly<Record<string, string>>, secret: string): string =>
  createHmac('sha1', `${secret}&`).update(`${method}&%2F&${encode(canonical(params))}`).digest('base64');

/** Aliyun's short messages, API 2017-05-25. @param line its own */
export function aliyunSms({ accessKeyId, accessKeySecret, signName, template }: AliyunSettings, line: Line, now: () => Date = () => new Date()): SmsSender {
  return {
    send: async ({ phone, params, id }) => {
      const call = {
        AccessKeyId: accessKeyId, Action: 'SendSms', Format: 'JSON', RegionId: 'cn-hangzhou', SignatureMethod: 'HMAC-SHA1', SignatureNonce: `${id}-${now().getTime()}`, SignatureVersion: '1.0',
        Timestamp: now().toISOString().replace(/\.\d+Z$/, 'Z'), Version: '2017-05-25', PhoneNumbers: phone.replace(/^\+86/, '').replace(/^\+/, '00'), SignName: signName, TemplateCode: template, TemplateParam: JSON.stringify(params), OutId: id,
      };
      await line.send({
        method: 'POST', url: HOST, headers: { 'content-type': 'application/x-www-form-urlencoded' }, repeatable: false, judge,
        body: new URLSearchParams({ ...call, Signature: signRpc('POST', call, accessKeySecret) }).toString(),
      });
    },
  };
}

const CODES: Readonly<Record<string, 'CREDENTIALS_REFUSED' | 'THROTTLED'>> = {
  'InvalidAccessKeyId.NotFound': 'CREDENTIALS_REFUSED', SignatureDoesNotMatch: 'CREDENTIALS_REFUSED', 'isv.BUSINESS_LIMIT_CONTROL': 'THROTTLED', 'Throttling.User': 'THROTTLED',
};

/** It says no in a code, also with status 200. */
const judge: PlatformRequest['judge'] = ({ body, status }) => {
  const code = codeIn(body);
  if (code === null) return status >= 500 ? undefined : new PlatformError('ANSWER_INVALID');
  if (code === 'OK') return undefined;
  return new PlatformError(Object.hasOwn(CODES, code) ? CODES[code]! : 'REQUEST_REFUSED', { platformCode: code.slice(0, 80) });
};

function codeIn(body: Buffer): string | null {
  try {
    const { Code: code } = JSON.parse(body.toString()) as { readonly Code?: unknown };
    return typeof code === 'string' ? code : null;
  } catch {
    return null;
  }
}
