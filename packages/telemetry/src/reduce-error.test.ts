import { describe, expect, it } from '@jest/globals';
import { reduceError } from './reduce-error.js';

class OrderRefused extends Error {
  readonly code = 'ORDER_REFUSED';
  readonly messages = { en: 'The order was refused.', 'zh-CN': '订单被拒绝。' };
  override readonly name = 'OrderRefused';
}

describe('reduceError', () => {
  it('keeps name, code, message and place of our own errors', () => {
    expect(reduceError(new OrderRefused('The order was refused.'))).toEqual({
      name: 'OrderRefused',
      code: 'ORDER_REFUSED',
      message: 'The order was refused.',
      stackTop: expect.stringMatching(/^packages\/telemetry\/src\/reduce-error\.test\.ts:\d+:\d+$/),
    });
  });

  it('keeps only name, code and place of a foreign error', () => {
    const foreign = Object.assign(new Error('Key (phone)=(13812341234) already exists'), {
      code: '23505',
      detail: 'Key (phone)=(13812341234) already exists',
    });
    expect(Object.keys(reduceError(foreign))).toEqual(['name', 'code', 'stackTop']);
    expect(reduceError(foreign)).toMatchObject({ name: 'Error', code: '23505' });
  });

  it('takes a message as safe only by an own property that is true', () => {
    const inherited = Object.create({ safeMessage: true, message: 'secret', name: 'Error' });
    expect(reduceError(inherited).message).toBeUndefined();
    expect(reduceError(Object.assign(new Error('a'), { safeMessage: 'true' })).message).toBeUndefined();
    expect(reduceError(Object.assign(new Error('a'), { safeMessage: true })).message).toBe('a');
  });

  it('masks e-mails and digits, and keeps our ids, in messages that stay', () => {
    const message =
      'ord_01h12345678ex5vsknk084 ord_01h455vb4pex5vsknk084sn02q of bob@example.com, ' +
      '138-1234-1234 or (415) 555-2671 or 12345, 7 of 1234 lines';
    expect(reduceError(Object.assign(new Error(message), { safeMessage: true })).message).toBe(
      'ord_01h***ex5vsknk084 ord_01h455vb4pex5vsknk084sn02q of *** *** or (*** or ***, 7 of 1234 lines',
    );
  });

  it('follows causes, but not for ever', () => {
    const error: Error & { cause?: unknown } = new Error('outer');
    error.cause = error;
    const text = JSON.stringify(reduceError(error));
    expect(text.match(/"name":"Error"/g)).toHaveLength(4);
    expect(reduceError(new Error('x', { cause: new OrderRefused('no') })).cause).toMatchObject({
      code: 'ORDER_REFUSED',
    });
  });

  it('says of what is no error only what it is', () => {
    expect(reduceError('上海市世纪大道')).toEqual({ name: 'thrown string' });
    expect(reduceError(null)).toEqual({ name: 'thrown object' });
    expect(reduceError({ phone: '13812341234' })).toEqual({ name: 'thrown object' });
  });

  it('is quick on hostile texts', () => {
    const begin = process.cpuUsage();
    for (const part of ['a', '1', '1 ', '@', 'a@', '1-', ' at (', '\n    at x']) {
      reduceError(Object.assign(new Error(part.repeat(50_000)), { safeMessage: true }));
    }
    // Processor time: what else the machine does is not ours.
    expect(process.cpuUsage(begin).user).toBeLessThan(1_000_000);
  });
});
