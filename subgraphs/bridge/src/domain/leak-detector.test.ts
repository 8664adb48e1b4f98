import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { findLeak } from './leak-detector.js';

const leakOf = (body: unknown): string => { const leak = findLeak(typeof body === 'string' ? body : JSON.stringify(body)); return leak === null ? 'none' : `${leak.kind} ${leak.path}`; };
const base64 = (text: string): string => Buffer.from(text).toString('base64');
/** The number that every card company prints in its manuals. */
const CARD = ['4111', '1111', '1111', '1111'].join('');
const KEY = ['sk', 'live', 'FAKEFAKEFAKEFAKE'].join('_');

describe('a body that leaves for a shop', () => {
  it.each<[string, unknown, string]>([
    ['a card number', { note: CARD }, 'PAYMENT note'],
    ['one with gaps', { note: 'card 4111 1111-1111.1111 please' }, 'PAYMENT note'],
    ['one in wide digits', { note: '４１１１１１１１１１１１１１１１' }, 'PAYMENT note'],
    ['one with invisible signs in it', { note: '4111\u200b1111\u200b1111\u200b1111' }, 'PAYMENT note'],
    ['one as a number', { lines: [{ extra: 4111111111111111 }] }, 'PAYMENT lines.0.extra'],
    ['one in JSON in a text', { attributes: JSON.stringify({ a: [CARD] }) }, 'PAYMENT attributes.a.0'],
    ['one behind base64', { blob: base64(`number=${CARD}`) }, 'PAYMENT blob.number'],
    ['one behind per cent', { blob: encodeURIComponent(`n ${CARD} n`).replaceAll('1', '%31') }, 'PAYMENT blob'],
    ['one as the name of a field', { [CARD]: 1 }, 'PAYMENT ?'],
    ['an account', { note: 'to DE89 3704 0044 0532 0130 00' }, 'PAYMENT note'],
    ['an intent of Stripe', { ref: 'pi_3FAKEfake3FAKEfake' }, 'PAYMENT ref'],
    ['a way to pay', { order: { payment_method: { type: 'card' } } }, 'PAYMENT order.payment_method'],
    ['transactions', { order: { Transactions: [{ kind: 'SALE' }] } }, 'PAYMENT order.Transactions'],
    ['a password', { user: { 'pass-word': 'x' } }, 'AUTH user.pass-word'],
    ['a name in wide letters', { ｐａｓｓｗｏｒｄ: 'x' }, 'AUTH password'],
    ['a hash of one', { note: '$argon2id$v=19$m=65536' }, 'AUTH note'],
    ['a key of a platform', { tags: ['new', KEY] }, 'AUTH tags.1'],
    ['a session', { sessionId: '8d0f' }, 'AUTH sessionId'],
    ['a token of a login', { note: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln' }, 'AUTH note'],
    ['an openid', { buyer: { open_id: 'oFAKE' } }, 'AUTH buyer.open_id'],
    ['what we sealed', { shipTo: `s1.k1.${'A'.repeat(40)}` }, 'AUTH shipTo'],
    ['where a click came from', { attributes: [{ name: 'x', value: 'https://a.example/?utm_source=mail&b=1' }] }, 'MARKETING attributes.0.value'],
    ['a profile of Klaviyo', { klaviyo_id: '01FAKE' }, 'MARKETING klaviyo_id'],
    ['a stage of tracking', { customer: { trackingStage: 'WARM' } }, 'MARKETING customer.trackingStage'],
    ['points', { customer: { points: 12 } }, 'MARKETING customer.points'],
    ['what is no object', `card_number=${CARD}&x=1`, 'PAYMENT card_number'],
    ['a form', 'accessToken=FAKE&x=1', 'AUTH accessToken'],
    ['what does not end', { a: 'x'.repeat(300_000) }, 'AUTH too-long'],
  ])('is refused for %s', (_what, body, leak) => expect(leakOf(body)).toBe(leak));

  it('is refused where it is deeper than anybody looks', () => {
    let body: unknown = CARD;
    for (let depth = 0; depth < 60; depth += 1) body = { a: body };
    expect(leakOf(body)).toMatch(/^AUTH .*too-deep$/);
  });

  it('goes where it says what goods and an address are', () => {
    expect(leakOf({ query: 'mutation { productSet { product { id } } }', variables: { input: {
      title: '白瓷杯 350 ml', handle: 'prd-01k7mug', vendor: '全域', status: 'ACTIVE', tags: ['new'],
      variants: [{ sku: 'QY-MUG-WHT', barcode: '4006381333931', price: '39.90', inventoryItem: { measurement: { weight: { value: 350, unit: 'GRAMS' } } } }],
      productId: 'gid://shopify/Product/7543210987654', sourceIdentifier: 'ord_01k7zzzzzzzzzzzzzzzzzzzzzz', totalPriceSet: { shopMoney: { amount: '85.50', currencyCode: 'CNY' } },
      shippingAddress: { firstName: '三', lastName: '张', phone: '+4915123456789', address1: '示例路 1 号', zip: '310000', countryCode: 'CN' },
      processedAt: '2026-11-21T10:00:00.000Z',
    } } })).toBe('none');
  });

  it('tells no value in the path, whatever a field is called', () => {
    fc.assert(fc.property(fc.string({ minLength: 1 }), (name) => {
      const leak = findLeak(JSON.stringify({ [name]: { password: 'hunter22hunter22' } }));
      expect(leak?.path).not.toContain('hunter22');
      expect(leak?.path ?? '').toMatch(/^[\w.?-]+$/);
    }));
  });

  it('is found wherever it lies in a tree', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom('a', 'b', 'lines', 'note'), { maxLength: 8 }), fc.boolean(), (path, inList) => {
      const body = path.reduceRight<unknown>((below, name) => ({ x: 1, [name]: inList ? [0, below] : below }), CARD);
      expect(findLeak(JSON.stringify(body))?.kind).toBe('PAYMENT');
    }));
  });

  it('takes no time that grows with the square of a text', () => {
    for (const text of ['1 '.repeat(90_000), 'A'.repeat(180_000), 'GB00' + ' A'.repeat(80_000), '%41'.repeat(60_000), 'a='.repeat(90_000), '['.repeat(100_000), 'eyJ'.repeat(60_000)]) {
      const before = process.cpuUsage();
      findLeak(JSON.stringify({ text }));
      // Processor time: what else the machine does is not ours.
      expect(process.cpuUsage(before).user).toBeLessThan(2_000_000);
    }
  });
});
