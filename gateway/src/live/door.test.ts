import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { configureLog } from '@quanyu/telemetry';
import { WebSocket } from 'ws';
import { startShop, type Shop } from '../test-graph.test.js';

let shop: Shop;
beforeEach(async () => {
  configureLog({ level: 'silent' });
  shop = await startShop({ allowedOrigins: ['https://admin.example.com'], live: { connectionsPerAddress: 3 } });
});
afterEach(() => shop.gateway.close());

/** The status of the upgrade, and the socket. */
function knock(origin?: string): Promise<{ status: number; socket: WebSocket }> {
  const socket = new WebSocket(`${shop.gateway.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', { ...(origin !== undefined && { origin }) });
  return new Promise((resolve) => {
    socket.once('open', () => resolve({ status: 101, socket }));
    socket.on('unexpected-response', (_request, response) => resolve({ status: response.statusCode ?? 0, socket }));
    socket.on('error', () => undefined);
  });
}

it('lets programs, pages of its own and pages of known origins in, and no others', async () => {
  const statusOf = async (origin?: string): Promise<number> => {
    const { status, socket } = await knock(origin);
    if (status === 101) await new Promise((resolve) => { socket.once('close', resolve); socket.close(); });
    return status;
  };
  expect(await statusOf()).toBe(101);
  expect(await statusOf(shop.gateway.url)).toBe(101);
  expect(await statusOf('https://admin.example.com')).toBe(101);
  for (const foreign of ['https://evil.example.com', 'http://admin.example.com', 'https://admin.example.com.evil.com', 'null', 'nonsense']) expect(await statusOf(foreign)).toBe(403);
});

it('lets one address hold so many connections, and takes others once these are closed', async () => {
  const held = [await knock(), await knock(), await knock()];
  expect((await knock()).status).toBe(429);
  const [first] = held;
  await new Promise((resolve) => { first?.socket.once('close', resolve); first?.socket.close(); });
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect((await knock()).status).toBe(101);
});

it('closes with 1008 who sends a flood of messages', async () => {
  const { socket } = await knock();
  const closed = new Promise((resolve) => socket.once('close', (code, reason) => resolve({ code, reason: String(reason) })));
  for (let i = 0; i < 200; i += 1) socket.send('{"type":"ping"}');
  expect(await closed).toEqual({ code: 1008, reason: 'TOO_MANY_MESSAGES' });
});
