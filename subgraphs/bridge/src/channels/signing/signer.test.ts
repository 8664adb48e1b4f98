import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { isSigned } from './signer.js';

const SECRET = 'FAKE_SECRET_quanyu';
// printf '%s' '{"id":1,"name":"#QY1 茶"}' | openssl dgst -sha256 -hmac FAKE_SECRET_quanyu -binary | base64
const BODY = Buffer.from('{"id":1,"name":"#QY1 茶"}');
const SIGNATURE = 'ZPKy3ZxMmJZbxaUoHw/fneRrj2zE8sEeRC+SVjn0Rp4=';

describe('isSigned', () => {
  it('knows the signature of any of the live secrets', () => {
    expect(isSigned(BODY, SIGNATURE, [SECRET])).toBe(true);
    expect(isSigned(BODY, SIGNATURE, ['FAKE_SECRET_newer', SECRET])).toBe(true);
  });

  it.each([
    ['another secret', BODY, SIGNATURE, ['FAKE_SECRET_other']],
    ['no secret', BODY, SIGNATURE, []],
    ['another byte', Buffer.concat([BODY, Buffer.from('\n')]), SIGNATURE, [SECRET]],
    ['an empty signature', BODY, '', [SECRET]],
    ['a cut signature', BODY, SIGNATURE.slice(0, -4), [SECRET]],
    ['a signature with something after it', BODY, `${SIGNATURE} `, [SECRET]],
    ['two signatures', BODY, `${SIGNATURE}, ${SIGNATURE}`, [SECRET]],
    ['the digest in hex', BODY, createHmac('sha256', SECRET).update(BODY).digest('hex'), [SECRET]],
  ])('refuses %s', (_what, body, signature, secrets) => { expect(isSigned(body, signature, secrets)).toBe(false); });
});
