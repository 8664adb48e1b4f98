import { setDefaultAutoSelectFamily, getDefaultAutoSelectFamily, Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { PlatformError } from './platform-error.js';

const PUBLIC = '93.184.216.34';
type Found = readonly { readonly address: string; readonly family: number }[];
/** What a name server of somebody else's answers, one answer for each time it is asked. */
const answers: string[][] = [];
let asked = 0;

jest.unstable_mockModule('node:dns', () => ({
  lookup: (_name: string, _options: object, callback: (error: null, found: Found) => void) => {
    const addresses = answers[Math.min(asked, answers.length - 1)]!;
    asked += 1;
    queueMicrotask(() => callback(null, addresses.map((address) => ({ address, family: 4 }))));
  },
}));
const { Outbound } = await import('./outbound.js');
const { openTunnel } = await import('./tunnel.js');
const { publicLookup } = await import('./public-address.js');

/** Where sockets were about to go: none of them gets there, no test talks to a stranger. */
const towards: string[] = [];
const isTwoWay = getDefaultAutoSelectFamily();
beforeAll(() => {
  setDefaultAutoSelectFamily(false);
  const connect = Socket.prototype.connect as (...args: unknown[]) => Socket;
  jest.spyOn(Socket.prototype, 'connect').mockImplementation(function (this: Socket, ...args: unknown[]) {
    this.once('lookup', (error: Error | null, address: string) => {
      if (error !== null) return;
      towards.push(address);
      this.destroy(new Error('far enough'));
    });
    return connect.apply(this, args);
  } as typeof Socket.prototype.connect);
});
afterEach(() => { answers.length = 0; towards.length = 0; asked = 0; });
afterAll(() => { setDefaultAutoSelectFamily(isTwoWay); jest.restoreAllMocks(); });

const codeOf = (work: Promise<unknown>): Promise<string> => work.then(() => 'none', (error: unknown) => (error as PlatformError).code);

describe('a name that answers differently the second time', () => {
  it('is connected to at the address that was looked at, and at none once it names one of ours', async () => {
    const outbound = new Outbound({ backoffMs: 1 });
    const call = (): Promise<string> => codeOf(outbound.line('shop', { burst: 10, perSecond: 10 }).send({ method: 'POST', url: 'https://rebind.example.com/hook', repeatable: false }));
    answers.push([PUBLIC], ['127.0.0.1']);
    expect(await call()).toBe('PLATFORM_UNREACHABLE');
    // Asked for once: there is no second answer between the look and the connection.
    expect([asked, towards]).toEqual([1, [PUBLIC]]);
    expect(await call()).toBe('ADDRESS_NOT_ALLOWED');
    expect([asked, towards]).toEqual([2, [PUBLIC]]);
    await outbound.close();
  });

  it('is the same for what does not speak HTTP', async () => {
    const open = (): Promise<string> => codeOf(openTunnel({ host: 'rebind.example.com', port: 22 }, { via: null, timeoutMs: 2_000 }));
    answers.push([PUBLIC], ['10.0.0.5']);
    expect(await open()).toBe('PLATFORM_UNREACHABLE');
    expect([asked, towards]).toEqual([1, [PUBLIC]]);
    expect(await open()).toBe('ADDRESS_NOT_ALLOWED');
    expect([asked, towards]).toEqual([2, [PUBLIC]]);
  });
});

it('of several addresses only the public ones are given on, one or all as they are asked for', async () => {
  answers.push(['127.0.0.1', PUBLIC, '169.254.169.254', '10.1.1.1']);
  const given = (all: boolean): Promise<unknown> => new Promise((resolve) => { publicLookup('mixed.example.com', { all }, (_error, found) => resolve(found)); });
  expect(await given(false)).toBe(PUBLIC);
  expect(await given(true)).toEqual([{ address: PUBLIC, family: 4 }]);
});
