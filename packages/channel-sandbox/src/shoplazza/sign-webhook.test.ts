import { describe, expect, it } from '@jest/globals';
import { signShoplazzaWebhook } from './sign-webhook.js';

const webhook = { topic: 'orders/paid', shopDomain: 'quanyu-fake.myshoplaza.com', deduplicationId: 'd-1' };

describe('signing as Shoplazza does', () => {
  it('signs the bytes of the body', () => {
    // Made with: printf '%s' BODY | openssl dgst -sha256 -hmac SECRET -binary | base64
    const body = '{"id":"e6a1b2c3-0000-4000-8000-000000000001","number":"100001","financial_status":"paid","fulfillment_status":"waiting","total_price":"19.90","currency":"USD"}';
    const expected = 'S7apeNCNK5ZP46bQ5GLQxIarVO31Uyp3cpeNkYAYlFY=';
    for (const raw of [body, Buffer.from(body)]) expect(signShoplazzaWebhook(raw, 'FAKE_SECRET_for_tests_only_0001', webhook)['X-Shoplazza-Hmac-Sha256']).toBe(expected);
  });

  it('sends the five headers', () => {
    const { 'X-Shoplazza-Hmac-Sha256': hmac, ...others } = signShoplazzaWebhook('{}', 'FAKE_SECRET_quanyu', webhook);
    expect(hmac).toMatch(/^[A-Za-z0-9+/]{43}=$/);
    expect(others).toEqual({
      'X-Shoplazza-Topic': 'orders/paid', 'X-Shoplazza-Shop-Domain': 'quanyu-fake.myshoplaza.com', 'X-Shoplazza-Api-Version': '2022-01',
      'X-Shoplazza-Deduplication-ID': 'd-1',
    });
  });
});
