import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { STAGES, startSandbox, type Sandbox, type Stage, type StagedPush } from '@quanyu/channel-sandbox';
import { Outbound } from '../../outbound/outbound.js';
import type { Channel, Verdict, WebhookConnection } from '../channel.js';
import { CHANNELS, PLATFORMS, type Platform } from '../channels.js';
import type { Account } from '../connector.js';
import { neverSigned } from '../signing/never-signed.js';
import { parseJson } from '../reading/parse-json.js';

// What every platform's pushes are held to, as its sandbox posts them: genuine, repeated, late, and forged in each way.

/** What is signed: the body, only what stands around it, or nothing but an address that nobody else knows. `dated`: for how long it is good is signed, too; `named`: it has an id. */
interface Habits { readonly signs: 'BODY' | 'HEADERS' | 'ADDRESS'; readonly dated: boolean; readonly named: boolean; readonly key: 'OURS' | 'ACCOUNT' }
const HABITS: Partial<Record<Platform, Habits>> = {
  SHOPIFY: { signs: 'BODY', dated: false, named: true, key: 'OURS' }, SHOPLAZZA: { signs: 'BODY', dated: false, named: true, key: 'OURS' },
  DOUYIN: { signs: 'BODY', dated: false, named: true, key: 'ACCOUNT' }, XIAOHONGSHU: { signs: 'HEADERS', dated: true, named: false, key: 'ACCOUNT' },
  SHIPSTATION: { signs: 'ADDRESS', dated: false, named: false, key: 'OURS' }, SHIPSTATION_V2: { signs: 'BODY', dated: true, named: false, key: 'ACCOUNT' },
  ZOHO: { signs: 'BODY', dated: false, named: false, key: 'OURS' }, WECHAT: { signs: 'BODY', dated: true, named: true, key: 'ACCOUNT' }, ALIPAY: { signs: 'BODY', dated: false, named: true, key: 'ACCOUNT' },
  UNIONPAY: { signs: 'BODY', dated: false, named: true, key: 'ACCOUNT' },
  STRIPE: { signs: 'BODY', dated: true, named: true, key: 'OURS' }, KUAIDI100: { signs: 'BODY', dated: false, named: false, key: 'OURS' }, KDNIAO: { signs: 'BODY', dated: false, named: false, key: 'ACCOUNT' },
};
const SECRET = 'FAKE_SECRET_of_the_endpoint';
const PATH = '/webhooks/here/con_a';
const MINUTE = 60_000;
const pushing = PLATFORMS.filter((platform) => HABITS[platform] !== undefined);

it('stands here for each platform that pushes', () => {
  expect(PLATFORMS.filter((platform) => (CHANNELS[platform] as Channel).verify !== neverSigned)).toEqual(PLATFORMS.filter((platform) => HABITS[platform] !== undefined));
});

describe.each(pushing)('a push of %s', (platform: Platform) => {
  const channel: Channel = CHANNELS[platform];
  const { signs, dated, named, key } = HABITS[platform]!;
  const now = new Date();
  let stage: Stage;
  let sandbox: Sandbox;
  let outbound: Outbound;
  let account: Account;

  beforeEach(async () => {
    stage = STAGES[platform]!();
    sandbox = await startSandbox([stage.platform]);
    outbound = new Outbound({ via: sandbox.url, backoffMs: 1 });
    account = { shopDomain: stage.shopDomain, settings: stage.settings, secrets: stage.secrets };
    // Some hand out what their pushes are verified with when they are told where to push.
    const client = channel.connector?.open({ account, line: outbound.line('keys', { burst: 1_000_000, perSecond: 1_000_000 }), now: () => new Date() });
    const settings = signs === 'BODY' && key === 'ACCOUNT' ? (await client?.ensureWebhooks?.('https://shop.example.com/webhooks/here/con_a'))?.settings : {};
    account = { ...account, settings: { ...stage.settings, ...settings } };
  });
  afterEach(async () => { await outbound.close(); await sandbox.close(); });

  const post = (n = 1, at = now, secret = SECRET): StagedPush => stage.push!(n, at, { path: PATH, secret });
  const verify = ({ headers, body, query = {} }: StagedPush, over: Partial<WebhookConnection> = {}): Verdict => channel.verify(
    { headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])), body: Buffer.from(body), query, path: PATH, at: now },
    { secrets: [SECRET], shopDomain: stage.shopDomain, account, ...over });
  const headOf = (verdict: Verdict) => (verdict.kind === 'genuine' ? verdict.head : null);

  it('that is genuine is taken, with either of two secrets while one takes the place of the other', () => {
    expect(verify(post())).toMatchObject({ kind: 'genuine', head: { topic: expect.stringMatching(/./) } });
    expect(channel.topics[headOf(verify(post()))!.topic]).toBeDefined();
    expect(verify(post(), { secrets: ['FAKE_SECRET_that_is_newer', SECRET] }).kind).toBe('genuine');
  });

  it('is believed no further than it is signed', () => {
    expect(headOf(verify(post()))!.unsigned === true).toBe(signs !== 'BODY');
    const { headers, body, query } = post();
    const isJson = body.startsWith('{') || body.startsWith('[');
    const changed = isJson ? [nextDigit(body), `${body} `, body.slice(0, -1), ''] : [formWith(body)];
    for (const one of changed) expect(verify({ headers, body: one, ...(query && { query }) }).kind).toBe(signs === 'BODY' ? 'refused' : 'genuine');
  });

  it('that comes again has the same id, and another one another, where it has one', () => {
    const [first, again, other] = [post(1), post(1), post(2)].map((pushed) => headOf(verify(pushed))!.dedupeKey);
    expect([first === again, first === other, first === null]).toEqual([true, !named, !named]);
  });

  it('that is eleven minutes early or late is refused where its time is signed', () => {
    for (const apart of [-11 * MINUTE, 11 * MINUTE]) expect(verify(post(1, new Date(now.getTime() + apart))).kind).toBe(dated ? 'refused' : 'genuine');
    for (const apart of [-4 * MINUTE, 4 * MINUTE]) expect(verify(post(1, new Date(now.getTime() + apart))).kind).toBe('genuine');
  });

  it('of somebody else is refused: with another secret, of another account, or with none at all', () => {
    const forged = key === 'OURS' ? verify(post(1, now, 'FAKE_SECRET_of_others')) : verify(post(), { account: { ...account, settings: { ...account.settings, webhookKeys: '{"keys":[]}', merId: '777290058110049' }, secrets: Object.fromEntries(Object.entries(account.secrets).map(([name, value]) => [name, /[Kk]ey$/.test(name) && value.length > 100 ? STRANGER : `${value.slice(0, -1)}#`])) } });
    expect(forged).toEqual({ kind: 'refused', reason: 'SIGNATURE_WRONG' });
    if (key === 'ACCOUNT') expect(verify(post(), { account: null, secrets: [] }).kind).toBe('refused');
    const { body } = post();
    const bare = body.replace(/(^|&)(sign|signature|DataSign)=[^&]*/g, '$1');
    expect(verify({ headers: {}, body: bare })).toEqual({ kind: 'refused', reason: 'SIGNATURE_MISSING' });
  });

  it('with a body of nonsense says where to look for nothing, and never throws', () => {
    const bodies = ['', 'null', '[]', '{}', '"x"', '[null]', '[[]]', '[{"data":"{"}]', '[{"data":"null"}]', '{"__proto__":{"kind":"ORDER"}}', '[{"__proto__":{"data":"{\\"p_id\\":1}"}}]', '{"constructor":{"prototype":{}}}', 'param=%7B', 'param={"lastResult":null}', 'RequestData=[]', 'RequestData={"Data":null}', 'RequestData={"Data":[null]}', '\u0000', '\uFEFF{}', '<xml/>', '[{"data":{"p_id":{}}}]', '{"resource_url":{},"resource_type":1}', '{"data":null}', '{"data":{"object":null}}', '{"resource":null}'];
    for (const body of [...bodies.map((text) => Buffer.from(text)), Buffer.from([0xff, 0xfe, 0x7b, 0x00]), Buffer.from([0xb2, 0xe8])]) {
      const told = channel.hintsOf?.(body, account) ?? channel.tracksOf?.(body) ?? [];
      for (const hint of told as readonly { readonly kind?: string }[]) expect(['STOCK', 'PARCELS']).toContain(hint.kind);
    }
    expect(({} as Record<string, unknown>)['kind']).toBeUndefined();
    expect(() => parseJson(Buffer.from([0xb2, 0xe8]))).toThrow();
  });
});

/** A public key that is nobody's here. */
const STRANGER = 'MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAu1SU1LfVLPHCozMxH2Mo4lgOEePzNm0tRgeLezV6ffAt0gunVTLw7onLRnrq0/IzW7yWR7QkrmBL7jTKEn5u+qKhbwKfBstIs+bMY2Zkp18gnTxKLxoS2tFczGkPLPgizskuemMghRniWaoLcyehkd3qqGElvW/VDL5AaWTg0nLVkjRo9z+40RQzuVaE8AkAFmxZzow3x+VJYKdjykkJ0iT9wCS0DRTXu269V264Vf/3jvredZiKRkgwlL9xNAwxXFg0x/XFw005UWVRIKdgcKWTjpBP2dPwVZ4WWC+9aGVd+Gyn1o0CLelf4rEjGoXbAAEgAqeGUxrcIlbjXfbcmwIDAQAB';

const nextDigit = (text: string): string => text.replace(/\d/, (digit) => String((Number(digit) + 1) % 10));
/** A form has no bytes of its own: what it says is signed, and said longest where it tells most. */
function formWith(body: string): string {
  const form = new URLSearchParams(body);
  const [name] = [...form].filter(([one]) => one !== 'sign' && one !== 'DataSign').sort((a, b) => b[1].length - a[1].length)[0]!;
  form.set(name, nextDigit(form.get(name)!));
  return form.toString();
}
