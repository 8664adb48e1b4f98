import { describe, expect, it } from '@jest/globals';
import { signShopifyWebhook } from './sign-webhook.js';

const webhook = { topic: 'orders/create', shopDomain: 'quanyu-fake.myshopify.com', webhookId: 'w-1', eventId: 'e-1', triggeredAt: '2026-11-20T02:15:31.000Z' };

describe('signing as Shopify does', () => {
  it.each([
    // Made with: printf '%s' BODY | openssl dgst -sha256 -hmac SECRET -binary | base64
    ['{"id":1,"name":"#QY1 茶"}', 'FAKE_SECRET_quanyu', 'ZPKy3ZxMmJZbxaUoHw/fneRrj2zE8sEeRC+SVjn0Rp4='],
    ['{"id":820982911946154508,"admin_graphql_api_id":"gid://shopify/Order/820982911946154508","name":"#9999","note":"中文 & <tag>"}', 'FAKE_SECRET_for_tests_only_0001', 'Sq3pklcMawF5rY9eWEPNoMtjuVnWUj8dWXRZDSr2l0k='],
  ])('signs the bytes of %s', (body, secret, expected) => {
    expect(signShopifyWebhook(body, secret, webhook)['X-Shopify-Hmac-Sha256']).toBe(expected);
    expect(signShopifyWebhook(Buffer.from(body), secret, webhook)['X-Shopify-Hmac-Sha256']).toBe(expected);
  });

  it('sends the seven headers', () => {
    const { 'X-Shopify-Hmac-Sha256': hmac, ...others } = signShopifyWebhook('{}', 'FAKE_SECRET_quanyu', webhook);
    expect(hmac).toMatch(/^[A-Za-z0-9+/]{43}=$/);
    expect(others).toEqual({
      'X-Shopify-Topic': 'orders/create', 'X-Shopify-Shop-Domain': 'quanyu-fake.myshopify.com', 'X-Shopify-API-Version': '2025-01',
      'X-Shopify-Webhook-Id': 'w-1', 'X-Shopify-Event-Id': 'e-1', 'X-Shopify-Triggered-At': '2026-11-20T02:15:31.000Z',
    });
  });
});
