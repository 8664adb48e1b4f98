import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { configureLog, log, withContext } from './index.js';
import type { LogFields } from './index.js';

// One phone in the ways it is written, and one address in two languages: none may reach a line by any road.
const PHONES = ['13812341234', '+8613812341234', '138-1234-1234', '138 1234 1234', '１３８１２３４１２３４'];
const ADDRESSES = ['上海市浦东新区世纪大道一号', '742 Evergreen Terrace', 'bob.lane@example.com'];
const TRACES = [...PHONES, ...ADDRESSES, '12341234', '１２３４', '1234-1234', '世纪大道', 'Evergreen', 'bob.lane'];

let written = '';
const expectNone = () => {
  expect(written).not.toBe('');
  for (const trace of TRACES) expect(written).not.toContain(trace);
  written = '';
};

beforeAll(() => configureLog({ level: 'debug', destination: { write: (line) => (written += line) } }));
afterAll(() => configureLog({ level: 'info', destination: 2 }));

const FIELD_NAMES = [
  'orderId', 'tenantId', 'channel', 'step', 'errorCode', 'requestId', 'correlationId', 'causationId', 'deliveryId',
  'eventId', 'eventType', 'consumer', 'ms', 'count', 'subgraph', 'connectionId', 'jobName', 'attempt', 'port', 'phase',
  'error',
] as const satisfies readonly (keyof LogFields)[];

describe.each([...PHONES, ...ADDRESSES])('the canary %s', (canary) => {
  it.each(FIELD_NAMES)('does not pass in the field %s', (name) => {
    for (const value of [canary, `x${canary}`, Number(canary), { canary }, [canary], new Error(canary)]) {
      log.info('order taken', { [name]: value } as unknown as LogFields);
    }
    expectNone();
  });

  it('does not pass under unknown keys', () => {
    const inherited: object = Object.create({ orderId: canary });
    for (const fields of [{ phone: canary }, { [canary]: 1 }, { msg: canary }, { err: new Error(canary) }, inherited]) {
      log.info('order taken', fields as LogFields);
    }
    log.info('order taken', JSON.parse(`{"__proto__":{"orderId":"${canary}"}}`));
    log.info('order taken', canary as unknown as LogFields);
    expectNone();
  });

  it('does not pass in any part of an error', () => {
    const cause = new Error(canary, { cause: { message: canary, name: canary, code: canary } });
    const outer = Object.assign(new AggregateError([cause], canary, { cause }), {
      name: canary,
      code: canary,
      detail: canary,
      [canary]: canary,
    });
    for (const error of [outer, cause, canary, { message: canary }, Symbol(canary), () => canary]) {
      log.error('order lost', { error });
    }
    expectNone();
  });

  it('does not pass in a forged stack', () => {
    const frame = `\n    at ${canary} (${import.meta.filename.replace('canary.test.ts', canary)}:1:1)`;
    const moved = new Error(canary + frame);
    moved.message = 'changed later';
    for (const error of [new Error(canary + frame), moved, { name: 'E', stack: frame }]) log.error('lost', { error });
    expectNone();
  });

  it('does not pass in the context', () => {
    withContext({ requestId: canary, correlationId: canary, causationId: canary }, () => log.info('order taken'));
    expectNone();
  });
});

describe.each([...PHONES, 'bob.lane@example.com'])('the canary %s', (canary) => {
  // Texts of our own stay, so an address in them cannot be told from prose; errors of ours never quote input.
  it('does not pass in a message of our own', () => {
    const ours = { code: 'ORDER_REFUSED', messages: { en: canary, 'zh-CN': canary } };
    log.error('order lost', { error: Object.assign(new Error(`order of ${canary}.`), ours) });
    log.error('order lost', { error: Object.assign(new Error(`order of ${canary}.`), { safeMessage: true }) });
    (log.error as (message: string) => void)(`order of ${canary}`);
    expectNone();
  });
});
