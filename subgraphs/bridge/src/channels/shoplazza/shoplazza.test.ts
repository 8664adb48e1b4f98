import { describe, expect, it } from '@jest/globals';
import { shoplazza } from './shoplazza.js';

const SECRET = 'FAKE_SECRET_for_tests_only_0001';
// printf '%s' BODY | openssl dgst -sha256 -hmac SECRET -binary | base64
const BODY = Buffer.from('{"id":"e6a1b2c3-0000-4000-8000-000000000001","number":"100001","financial_status":"paid","fulfillment_status":"waiting","total_price":"19.90","currency":"USD"}');
const SIGNATURE = 'S7apeNCNK5ZP46bQ5GLQxIarVO31Uyp3cpeNkYAYlFY=';
const HEADERS = { 'x-shoplazza-hmac-sha256': SIGNATURE, 'x-shoplazza-topic': 'orders/paid', 'x-shoplazza-deduplication-id': 'd-1' };

const verify = (headers: Record<string, string | undefined> = {}, shopDomain: string | null = null, secrets = [SECRET]) =>
  shoplazza.verify({ headers: { ...HEADERS, ...headers }, body: BODY }, { secrets, shopDomain });

describe('a webhook of Shoplazza', () => {
  it('is genuine when any of the live secrets signed its bytes', () => {
    const genuine = { kind: 'genuine', head: { topic: 'orders/paid', dedupeKey: 'd-1 orders/paid', triggeredAt: null } };
    expect(verify()).toEqual(genuine);
    expect(verify({}, null, ['FAKE_SECRET_newer', SECRET])).toEqual(genuine);
  });

  it.each([
    ['without a signature', { 'x-shoplazza-hmac-sha256': undefined }, 'SIGNATURE_MISSING'],
    ['with another one', { 'x-shoplazza-hmac-sha256': SIGNATURE.replace('S', 'T') }, 'SIGNATURE_WRONG'],
    ['signed as Shopify would', { 'x-shoplazza-hmac-sha256': undefined, 'x-shopify-hmac-sha256': SIGNATURE }, 'SIGNATURE_MISSING'],
  ])('is refused %s', (_what, headers, reason) => { expect(verify(headers)).toEqual({ kind: 'refused', reason }); });

  it('is refused for another secret', () => { expect(verify({}, null, ['FAKE_SECRET_for_tests_only_0002'])).toEqual({ kind: 'refused', reason: 'SIGNATURE_WRONG' }); });

  it('has a topic and an id only where they can be read', () => {
    expect(verify({ 'x-shoplazza-topic': 'Orders Paid', 'x-shoplazza-deduplication-id': 'x'.repeat(129) })).toMatchObject({ head: { topic: 'unknown', dedupeKey: null } });
    expect(verify({ 'x-shoplazza-topic': undefined })).toMatchObject({ head: { topic: 'unknown', dedupeKey: 'd-1 unknown' } });
  });

  it.each([
    ['tea.myshoplaza.com', 'genuine'], ['tea.myshoplazza.com', 'genuine'], ['tea.shoplazza.com', 'genuine'], ['TEA.myshoplaza.com', 'genuine'],
    ['coffee.myshoplaza.com', 'refused'], ['tea.myshopify.com', 'refused'], ['tea.myshoplaza.com.evil.com', 'refused'],
  ])('of the shop %s is %s where the connection names the shop tea', (shop, kind) => {
    expect(verify({ 'x-shoplazza-shop-domain': shop }, 'tea.myshoplaza.com').kind).toBe(kind);
  });
});

describe('the address of a shop', () => {
  it.each([
    ['tea.myshoplaza.com', 'tea.myshoplaza.com'], [' Tea-1.MyShoplazza.com ', 'tea-1.myshoplaza.com'],
    ['tea.myshopify.com', null], ['a.b.myshoplaza.com', null], ['-a.myshoplaza.com', null], ['.myshoplaza.com', null],
    ['tea.myshoplaza.com.evil.com', null], ['https://tea.myshoplaza.com', null], ['', null],
  ])('%j is %j', (text, domain) => { expect(shoplazza.shopDomainOf(text)).toBe(domain); });
});

describe('a topic', () => {
  it.each([
    ['orders/create', 'ORDER'], ['orders/update', 'ORDER'], ['orders/updated', 'ORDER'], ['orders/paid', 'ORDER'], ['orders/fulfilled', 'ORDER'],
    ['orders/cancelled', 'ORDER_CANCELLED'],
    ['products/create', 'PRODUCT'], ['products/update', 'PRODUCT'], ['products/delete', 'PRODUCT_REMOVED'],
    ['customers/create', 'CUSTOMER'], ['customers/update', 'CUSTOMER'], ['customers/delete', 'CUSTOMER_REMOVED'],
    ['tenants/create', 'CUSTOMER'], ['tenants/update', 'CUSTOMER'], ['tenants/delete', 'CUSTOMER_REMOVED'], ['orders/delete', undefined], ['unknown', undefined],
  ])('%s means %s', (topic, meaning) => { expect(shoplazza.topics[topic]).toBe(meaning); });
});
