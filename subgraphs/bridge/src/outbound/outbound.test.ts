import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Outbound, type PlatformRequest } from './outbound.js';
import { PlatformError, type PlatformErrorCode } from './platform-error.js';

const RATE = { burst: 1000, perSecond: 1000 };
const URL_ = 'https://shop.example.com/orders?page=1';
const seen: { method: string; host: string; url: string }[] = [];
let answer: (request: IncomingMessage, response: ServerResponse) => void;
const server = createServer((request, response) => {
  seen.push({ method: request.method!, host: request.headers.host!, url: request.url! });
  answer(request, response);
});
let outbound: Outbound;

beforeEach(async () => {
  seen.length = 0;
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  outbound = new Outbound({ via: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, timeoutMs: 1_500, backoffMs: 5, brokenMs: 60_000 });
});
afterEach(async () => {
  server.closeAllConnections();
  await Promise.all([outbound.close(), new Promise((resolve) => server.close(resolve))]);
});

const send = (over: Partial<PlatformRequest> = {}, key = 'shop') => outbound.line(key, RATE).send({ method: 'GET', url: URL_, repeatable: true, ...over });
const status = (...codes: number[]): void => {
  let at = 0;
  answer = (_request, response) => { response.writeHead(codes[Math.min(at, codes.length - 1)]!, { 'retry-after': '0' }).end('{}'); at += 1; };
};
const codeOf = (call: Promise<unknown>): Promise<PlatformErrorCode | 'none'> => call.then(() => 'none' as const, (error: unknown) => (error as PlatformError).code);

describe('a call', () => {
  it('goes to the platform by its own name', async () => {
    status(200);
    await expect(send()).resolves.toMatchObject({ status: 200, body: Buffer.from('{}') });
    expect(seen).toEqual([{ method: 'GET', host: 'shop.example.com', url: '/orders?page=1' }]);
  });

  it.each<[number, PlatformErrorCode]>([[401, 'CREDENTIALS_REFUSED'], [403, 'CREDENTIALS_REFUSED'], [404, 'NOT_FOUND'], [422, 'REQUEST_REFUSED'], [302, 'ANSWER_INVALID']])(
    'refused with %i is not made again', async (code, expected) => {
      status(code);
      expect(await codeOf(send())).toBe(expected);
      expect(seen).toHaveLength(1);
    });

  it('is made three times while the platform is down or throttles', async () => {
    status(500, 429, 200);
    expect(await codeOf(send())).toBe('none');
    expect(seen).toHaveLength(3);
    status(503);
    expect(await codeOf(send())).toBe('PLATFORM_DOWN');
    expect(seen).toHaveLength(6);
  });

  it('that changes something is only made again when it was not looked at', async () => {
    status(500);
    expect(await codeOf(send({ method: 'POST', repeatable: false }))).toBe('PLATFORM_DOWN');
    expect(seen).toHaveLength(1);
    status(429, 200);
    expect(await codeOf(send({ method: 'POST', repeatable: false }))).toBe('none');
    expect(seen).toHaveLength(3);
  });

  it('has an end', async () => {
    answer = () => undefined;
    expect(await codeOf(send({ method: 'POST', repeatable: false }))).toBe('PLATFORM_TIMEOUT');
    answer = (request) => { request.socket.destroy(); };
    expect(await codeOf(send({ method: 'POST', repeatable: false }))).toBe('PLATFORM_UNREACHABLE');
    answer = (_request, response) => { response.writeHead(200).write('half of'); };
    expect(await codeOf(send({ method: 'POST', repeatable: false }))).toBe('PLATFORM_TIMEOUT');
  });

  it('can be judged by more than its status', async () => {
    status(200);
    expect(await codeOf(send({ judge: () => new PlatformError('THROTTLED', { retryAfterMs: 1 }) }))).toBe('THROTTLED');
    expect(seen).toHaveLength(3);
  });
});

describe('a line', () => {
  it('is cut after five failures, and no other line with it', async () => {
    status(500);
    for (let i = 0; i < 5; i += 1) expect(await codeOf(send({ repeatable: false }))).toBe('PLATFORM_DOWN');
    expect(await codeOf(send())).toBe('CIRCUIT_OPEN');
    expect(seen).toHaveLength(5);
    status(200);
    expect(await codeOf(send({}, 'another shop'))).toBe('none');
  });

  it('is not cut by what the platform refuses', async () => {
    status(422);
    for (let i = 0; i < 7; i += 1) expect(await codeOf(send())).toBe('REQUEST_REFUSED');
  });

  it('takes so many calls and no more', async () => {
    answer = (_request, response) => { setTimeout(() => response.writeHead(200).end(), 50); };
    const codes = await Promise.all(Array.from({ length: 210 }, () => codeOf(send())));
    expect(codes.filter((code) => code === 'TOO_MANY_CALLS')).toHaveLength(6);
    expect(codes.filter((code) => code === 'none')).toHaveLength(204);
  });
});

describe('addresses', () => {
  it.each(['http://shop.example.com/', 'https://user@shop.example.com/', 'https://shop.example.com:8443/'])('%s is none of a platform', async (url) => {
    expect(await codeOf(send({ url }))).toBe('ADDRESS_NOT_ALLOWED');
    expect(seen).toEqual([]);
  });

  it('a name of our own network is not connected to', async () => {
    const direct = new Outbound({ backoffMs: 1 });
    expect(await codeOf(direct.line('shop', RATE).send({ method: 'GET', url: 'https://localhost/', repeatable: true }))).toBe('ADDRESS_NOT_ALLOWED');
    expect(await codeOf(direct.line('shop', RATE).send({ method: 'GET', url: 'https://127.0.0.1/', repeatable: true }))).toBe('ADDRESS_NOT_ALLOWED');
    expect(await codeOf(direct.line('shop', RATE).send({ method: 'GET', url: 'https://[::1]/', repeatable: true }))).toBe('ADDRESS_NOT_ALLOWED');
    await direct.close();
  });
});
