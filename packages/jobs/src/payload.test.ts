import { describe, expect, it } from '@jest/globals';
import { assertIdsOnly } from './payload.js';

const refused = (payload: unknown): string => {
  try {
    assertIdsOnly(payload);
    return 'taken';
  } catch (error) {
    return (error as { code: string; message: string }).code + ' ' + (error as Error).message;
  }
};

describe('what a queue may hold', () => {
  it.each([
    {},
    { deliveryId: 'dlv_01jd3v6k9mfq8r2s4t6v8w0x1z' },
    { externalId: '5912345678901', attempt: 2, force: true, since: '2026-11-21T04:05:06.789Z' },
    { orderIds: ['ord_1', 'ord_2'], topic: 'orders-create' },
    Object.assign(Object.create(null) as object, { id: 'a' }),
  ])('takes %j', (payload) => {
    expect(refused(payload)).toBe('taken');
  });

  it.each([
    ['an e-mail', { contact: 'li.fake@example.com' }],
    ['a phone with its plus', { contact: '+8613800000000' }],
    ['a name with a space', { contact: 'Fake Person' }],
    ['a Chinese name', { contact: '张三' }],
    ['a long text', { contact: 'x'.repeat(81) }],
    ['an empty text', { contact: '' }],
    ['a nested object', { contact: { id: 'a' } }],
    ['a nested list', { contact: [['a']] }],
    ['null', { contact: null }],
    ['undefined', { contact: undefined }],
    ['not a number', { contact: Number.NaN }],
    ['a date', { contact: new Date(0) }],
    ['an endless list', { contact: Array.from({ length: 501 }, () => 'a') }],
  ])('refuses %s and names the key, not the value', (_what, payload) => {
    expect(refused(payload)).toBe('JOB_PAYLOAD_NOT_IDS a job payload may carry ids, numbers, booleans and short codes only: contact');
  });

  it('refuses a key that is itself a text, without repeating it', () => {
    expect(refused({ 'li.fake@example.com': 1 })).not.toContain('example.com');
    expect(refused({ 'li.fake@example.com': 1 })).toContain('JOB_PAYLOAD_NOT_IDS');
  });

  it.each([[null], ['text'], [['a']], [new Map()]])('refuses %p for a payload', (payload) => {
    expect(refused(payload)).toContain('JOB_PAYLOAD_NOT_IDS');
  });
});
