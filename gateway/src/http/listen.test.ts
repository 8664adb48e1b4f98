import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { createServer as createNetServer, type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { listenOn, type Listening } from './listen.js';

const open: { http: Server; listening: Listening }[] = [];
async function serve(port = 0): Promise<{ http: Server; port: number; close(): Promise<void> }> {
  const http = createServer((_request, response) => response.end('here'));
  const listening = await listenOn(http, port, '127.0.0.1');
  open.push({ http, listening });
  return { http, ...listening };
}
afterEach(async () => {
  for (const { http, listening } of open.splice(0)) {
    http.closeAllConnections();
    await listening.close();
  }
});

describe('a port', () => {
  it('is refused while anybody listens there, one of us included, and free again after that', async () => {
    const first = await serve();
    await expect(serve(first.port)).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await first.close();
    await serve(first.port);
    const stranger = createNetServer().listen(0, '127.0.0.1');
    await once(stranger, 'listening');
    await expect(serve((stranger.address() as AddressInfo).port)).rejects.toMatchObject({ code: 'EADDRINUSE' });
    stranger.close();
  });

  it('answers on each connection, and closes when the last of them has ended', async () => {
    const { http, port, close } = await serve();
    const answers = await Promise.all(Array.from({ length: 64 }, async () => (await fetch(`http://127.0.0.1:${port}`, { headers: { connection: 'close' } })).text()));
    expect(new Set(answers)).toEqual(new Set(['here']));
    const held: ServerResponse[] = [];
    http.removeAllListeners('request').on('request', (_request, response) => { held.push(response); });
    const waiting = Array.from({ length: 16 }, async () => (await fetch(`http://127.0.0.1:${port}`, { headers: { connection: 'close' } })).text());
    while (held.length < waiting.length) await new Promise((resolve) => setImmediate(resolve));
    let closed = false;
    const closing = close().then(() => { closed = true; });
    await expect(fetch(`http://127.0.0.1:${port}`)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
    expect(closed).toBe(false);
    for (const response of held) response.end('late');
    expect(new Set(await Promise.all(waiting))).toEqual(new Set(['late']));
    await closing;
  });

  (process.platform === 'linux' ? it : it.skip)('takes in several that came while the process was busy, before it goes on with anything else', async () => {
    const { http, port } = await serve();
    let taken = 0;
    http.on('connection', () => { taken += 1; });
    const crowd = spawn(process.execPath, ['-e', `for (let n = 0; n < 64; n += 1) require('net').connect(${port}, '127.0.0.1'); setTimeout(() => process.exit(), 20_000)`], { stdio: 'ignore' });
    let most = 0;
    while (taken < 64) {
      const before = taken;
      // Something long: meanwhile they come.
      for (const until = performance.now() + 20; performance.now() < until;);
      await new Promise((resolve) => setImmediate(resolve));
      most = Math.max(most, taken - before);
    }
    crowd.kill();
    expect(most).toBeGreaterThan(2);
  });
});
