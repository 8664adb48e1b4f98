import { execFileSync, spawn } from 'node:child_process';
import { connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A Redis of our own without a disk, where this machine has one; null where not. */
export async function startRedis() {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' });
  } catch {
    return null;
  }
  const port = await new Promise((resolve) => { const server = createServer().listen(0, '127.0.0.1', () => { const { port: free } = server.address(); server.close(() => resolve(free)); }); });
  const child = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'], { stdio: 'ignore' });
  await sleep(300);
  return { port, stop: () => { child.kill(); } };
}

/** As much of a client as a lock needs: commands in, one-line answers out. No product of ours talks to Redis this way. */
export function redisClient(port) {
  const socket = connect(port, '127.0.0.1').setNoDelay(true);
  const waiting = [];
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
    const lines = text.split('\r\n');
    text = lines.pop();
    // `+OK` took the lock, `$-1` did not, `:1` gave it back.
    for (const line of lines) waiting.shift()(line);
  });
  return {
    send: (...words) => new Promise((resolve) => {
      waiting.push(resolve);
      socket.write(`*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(String(word))}\r\n${word}\r\n`).join('')}`);
    }),
    close: () => { socket.destroy(); },
  };
}
