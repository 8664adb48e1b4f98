import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configureLog, log, withContext } from './index.js';
import type { LogFields } from './index.js';

const ORDER = 'ord_01h455vb4pex5vsknk084sn02q';

let written: string[] = [];
const lines = (): Record<string, unknown>[] => written.map((line) => JSON.parse(line));

beforeEach(() => {
  written = [];
  configureLog({ level: 'info', destination: { write: (line) => written.push(line) } });
});
afterEach(() => configureLog({ level: 'info', destination: 2 }));

describe('log', () => {
  it('writes one JSON line with level, time, message and fields', () => {
    log.info('order taken', { orderId: ORDER, channel: 'shopify', ms: 12.345, attempt: 2, step: 'take-order' });
    expect(written[0]?.endsWith('\n')).toBe(true);
    expect(lines()).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-.*Z$/),
        orderId: ORDER,
        channel: 'shopify',
        step: 'take-order',
        ms: 12.35,
        attempt: 2,
        msg: 'order taken',
      },
    ]);
  });

  it('leaves out what is null or undefined', () => {
    log.info('order taken', { orderId: null, channel: undefined });
    expect(Object.keys(lines()[0] ?? {})).toEqual(['level', 'time', 'msg']);
  });

  it('keeps silent below its level', () => {
    configureLog({ level: 'warn' });
    log.info('order taken');
    log.warn('stock short');
    log.fatal('database lost');
    expect(lines().map((line) => [line['level'], line['msg']])).toEqual([
      ['warn', 'stock short'],
      ['fatal', 'database lost'],
    ]);
  });

  it('adds the request and its correlation from the context, and lets fields go before', async () => {
    await withContext({ requestId: 'req-a', correlationId: 'cor-a', causationId: 'cau-a' }, async () => {
      await Promise.resolve();
      log.info('order taken');
      log.info('order taken', { requestId: 'req-b' });
    });
    expect(lines()).toMatchObject([
      { requestId: 'req-a', correlationId: 'cor-a' },
      { requestId: 'req-b', correlationId: 'cor-a' },
    ]);
  });

  it('refuses unknown keys and messages made at run time before anything runs', () => {
    const phone: string = '13812341234';
    // @ts-expect-error not on the allow-list
    log.info('order taken', { phone });
    // @ts-expect-error a text of unknown content
    log.info(phone);
    // @ts-expect-error a text of half-known content
    log.info(`order of ${phone}`);
    const either = phone.length > 3 ? 'order taken' : 'order kept';
    log.info(either);
    const fields: LogFields = { orderId: ORDER };
    log.info('order taken', fields);
    expect(written.join('')).not.toContain(phone);
  });

  it('survives fields that cannot be read', () => {
    const hostile = {
      get orderId(): string {
        throw new Error('no');
      },
      error: new Proxy({}, { get: () => { throw new Error('no'); } }),
    };
    log.error('order lost', hostile);
    expect(lines()[0]).toMatchObject({ msg: 'order lost', error: { name: 'unreadable error' } });
  });

  it('has each line on the disk when the call returns, so that a crash loses none', () => {
    const folder = mkdtempSync(join(tmpdir(), 'quanyu-log-'));
    const file = join(folder, 'logs', 'quanyu.log');
    configureLog({ destination: file });
    log.info('order taken', { orderId: ORDER });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ msg: 'order taken', orderId: ORDER });
    rmSync(folder, { recursive: true });
  });
});
