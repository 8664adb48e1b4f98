import { createHash, createVerify, generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { testKeys, unionpayStage } from '@quanyu/channel-sandbox';
import { firstIdAt, newId } from '@quanyu/ids';
import type { Account } from '../connector.js';
import { answerFields, formFields } from './fields.js';
import { numberOf, paymentIdOf, txnTimeOf } from './numbers.js';
import { hintsOf, verifyPush } from './push.js';
import { isSigned, signRequest, type Trusted } from './signer.js';

const fixture = (name: string): Buffer => readFileSync(new URL(`fixtures/${name}`, import.meta.url));
// Keys, certificates and signature of `fixtures` were made by openssl alone: `openssl dgst -sha256 -r text | cut -c1-64 | tr -d '\n' > digest; openssl dgst -sha256 -sign leaf.key digest`.
const MADE: Trusted = { root: fixture('root.crt').toString(), middle: fixture('middle.crt').toString(), isTest: false };
const NOW = new Date('2027-03-01T04:00:00Z');

describe('the signature of UnionPay', () => {
  it('of a request is over the digest of its fields, by name, those without a value left out', () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const fields = { version: '5.1.0', txnAmt: '8550', merId: '777290058110048', encoding: 'UTF-8', orderDesc: '茶杯', signMethod: '01', reqReserved: '', certId: '69597475696', orderId: 'pay01h455vb4pex5vsknk084sn02q', bizType: '000201', signature: 'another' };
    // printf '%s' 'bizType=000201&certId=69597475696&encoding=UTF-8&merId=…&orderDesc=茶杯&orderId=…&signMethod=01&txnAmt=8550&version=5.1.0' | sha256sum
    expect(createVerify('RSA-SHA256').update('aa04e2b688d65a331d384732b8ad0a406c5d8b4e473a00e698e3255c53151188').verify(publicKey, signRequest(fields, privateKey), 'base64')).toBe(true);
  });

  it('of an answer that openssl signed is good, and of no other answer', () => {
    const answer = answerFields(fixture('answer.txt'))!;
    expect([answer['reserved'], answer['respMsg'], answer['txnAmt']]).toEqual(['{a=1&b=2}', '成功[0000000]', '8550']);
    expect(isSigned(answer, MADE, NOW)).toBe(true);
    expect(createHash('sha256').update(Object.keys(answer).filter((name) => name !== 'signature').sort().map((name) => `${name}=${answer[name]}`).join('&')).digest('hex')).toBe('33c027170c3a9190c66e9a96f38d4b0e5fa3c6e90c89055bc8bd86700c796e89');
    const changes: Record<string, string>[] = [{ txnAmt: '1' }, { more: '1' }, { signature: '' }, { signature: 'AAAA' }, { signMethod: '11' }, { signPubKeyCert: '' }, { signPubKeyCert: 'none' }];
    for (const over of changes) expect([over, isSigned({ ...answer, ...over }, MADE, NOW)]).toEqual([over, false]);
  });

  it('is believed for a certificate of its own, in its time, by those whom we know alone', () => {
    const stage = unionpayStage();
    const { root, middle } = { root: line(stage.settings['rootCertificate']!), middle: line(stage.settings['middleCertificate']!) };
    const signed = (signPubKeyCert: string): Readonly<Record<string, string>> => {
      Object.assign(stage.merchant.options, { platformCertificate: signPubKeyCert });
      return formFields(Buffer.from(stage.merchant.notification('pay01h455vb4pex5vsknk084sn02q')));
    };
    const good = (cert: string, over: Partial<Trusted> = {}, now = new Date()): boolean => isSigned(signed(cert), { root, middle, isTest: false, ...over }, now);
    const day = 86_400_000;
    const of = (who: string): string => stage.leaf({ subject: `041@1@${who}@1` });
    expect({
      own: good(stage.leaf()), test: good(of('00040000:SIGN'), { isTest: true }), testInProduction: good(of('00040000:SIGN')), another: good(of('某某有限公司')), anotherInTest: good(of('某某有限公司'), { isTest: true }),
      namedLikeIt: good(stage.leaf({ subject: '中国银联股份有限公司' })), over: good(stage.leaf({ to: new Date(Date.now() - 1_000) })), soon: good(stage.leaf({ from: new Date(Date.now() + day) })),
      byItself: good(stage.leaf({ by: 'unionpay platform' })), bySomebody: good(stage.leaf({ by: 'somebody else' })), wrongRoot: good(stage.leaf(), { root: MADE.root }), wrongMiddle: good(stage.leaf(), { middle: MADE.middle }),
      noRoot: good(stage.leaf(), { root: '' }), later: good(stage.leaf(), {}, new Date(Date.now() + 3_650 * day)),
    }).toEqual({
      own: true, test: true, testInProduction: false, another: false, anotherInTest: false, namedLikeIt: false, over: false, soon: false, byItself: false, bySomebody: false, wrongRoot: false, wrongMiddle: false, noRoot: false, later: false,
    });
  });
});

const line = (base64: string): string => `-----BEGIN CERTIFICATE-----\n${base64.replaceAll(/(.{64})(?=.)/g, '$1\n')}\n-----END CERTIFICATE-----\n`;

describe('an answer of UnionPay', () => {
  it.each(['', '&', '=1', '<html>maintenance</html>', 'a b=1', '\u0000'])('is none that reads %j', (text) => { expect(answerFields(Buffer.from(text))).toBeNull(); });

  it('may hold its own signs within a value', () => {
    expect(answerFields(Buffer.from('a=1&b=[{c=1&d=2}&{e=3}]&f==&g='))).toEqual({ a: '1', b: '[{c=1&d=2}&{e=3}]', f: '=', g: '' });
  });
});

describe('the number of a transaction', () => {
  it('tells the payment and its second, in Beijing, and back', () => {
    const at = new Date('2026-12-31T16:00:59.999Z');
    const id = firstIdAt('pay', at);
    expect(numberOf(id)).toEqual({ orderId: id.replace('_', ''), txnTime: '20270101000059' });
    expect(paymentIdOf(numberOf(id)!.orderId)).toBe(id);
    expect(numberOf(newId('rfd'), at)?.txnTime).toBe('20270101000059');
    expect(txnTimeOf(at)).toMatch(/^\d{14}$/);
    expect(numberOf(id)!.orderId).toMatch(/^[0-9A-Za-z]{8,32}$/);
  });

  it.each(['', 'pay404', 'ord_01h455vb4pex5vsknk084sn02q', 'pay_01h455vb4pex5vsknk084sn02', '20261231000000'])('is none of %j', (id) => {
    expect([numberOf(id), paymentIdOf(id), paymentIdOf('rfd01h455vb4pex5vsknk084sn02q')]).toEqual([null, null, null]);
  });
});

describe('a notification of UnionPay', () => {
  const stage = unionpayStage();
  const account: Account = { shopDomain: stage.shopDomain, settings: stage.settings, secrets: stage.secrets };
  const verdict = (form: string, of: Account | null = account): unknown => verifyPush({ headers: {}, body: Buffer.from(form), at: new Date() }, { secrets: [], shopDomain: stage.shopDomain, account: of });
  const id = newId('pay');

  it('points to the payment, and one of a refund to nothing', () => {
    const form = stage.merchant.notification(id.replace('_', ''), { queryId: '531000000000000000001' });
    expect(verdict(form)).toMatchObject({ kind: 'genuine', head: { dedupeKey: 'pushed 531000000000000000001' } });
    expect(hintsOf(Buffer.from(form), account)).toEqual([{ kind: 'PAYMENT', paymentId: id }]);
    expect(hintsOf(Buffer.from(stage.merchant.notification('rfd01h455vb4pex5vsknk084sn02q', { txnType: '04' })), account)).toEqual([]);
    expect(hintsOf(Buffer.from(stage.merchant.notification('20260301120000')), account)).toEqual([]);
    expect(hintsOf(Buffer.from('nothing'), account)).toBeNull();
  });

  it('is refused where it is changed, unsigned, of another merchant, or of nobody whom we know', () => {
    const form = stage.merchant.notification(id.replace('_', ''));
    expect([
      form.replace('respCode=00', 'respCode=01'), form.replace(/signature=[^&]*/, 'signature='), `${form}&more=1`, stage.merchant.notification(id, { merId: '777290058110049' }), '', '\u0000',
    ].map((body) => (verdict(body) as { kind: string }).kind)).toEqual(Array.from({ length: 6 }, () => 'refused'));
    expect(verdict(form, null)).toMatchObject({ kind: 'refused' });
    expect(verdict(form, { ...account, settings: { ...stage.settings, merId: '777290058110049' } })).toMatchObject({ kind: 'refused' });
    expect(verdict(form, { ...account, settings: { ...stage.settings, rootCertificate: testKeys('somebody else').publicLine } })).toMatchObject({ kind: 'refused' });
  });
});
