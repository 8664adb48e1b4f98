// How fast the house stands up, how much it holds, and how fast an order and an event get through it.
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventLag } from './event-lag.mjs';
import { orderFlow } from './order-flow.mjs';
import { memoryOfTree } from './memory.mjs';

const root = new URL('../..', import.meta.url).pathname;

/** `npm start` in a folder, until it says that it is ready. */
async function start(folder, data) {
  const since = performance.now();
  const child = spawn('npm', ['start', '--silent', '--', '--data', data, '--port', '0'], { cwd: folder, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let errors = '';
  child.stderr.on('data', (chunk) => { errors += chunk; });
  await new Promise((resolve, reject) => {
    child.stdout.on('data', (chunk) => { out += chunk; if (out.includes('curl')) resolve(); });
    child.once('exit', (code) => reject(new Error(`npm start ended with ${code}: ${errors.slice(-2000)}`)));
  });
  const seconds = (performance.now() - since) / 1000;
  const value = (name) => new RegExp(`^\\s*${name}\\s+(\\S+)$`, 'm').exec(out)?.[1];
  return {
    seconds, pid: child.pid, url: value('Graph').replace(/\/graphql$/, ''), token: value('Staff token'),
    demo: JSON.parse(readFileSync(join(data, 'demo.json'), 'utf8')),
    stop: () => new Promise((resolve) => { child.removeAllListeners('exit'); child.once('exit', resolve); process.kill(-child.pid, 'SIGINT'); }),
  };
}

export async function bench({ quick, say }) {
  const work = mkdtempSync(join(tmpdir(), 'quanyu-bench-'));
  chmodSync(work, 0o755);
  const clone = join(work, 'clone');
  const data = join(work, 'data');
  const rounded = (value, digits = 1) => Number(value.toFixed(digits));
  try {
    say('a clean clone with its dependencies installed, nothing built');
    execFileSync('git', ['clone', '--quiet', '--no-hardlinks', root, clone]);
    execFileSync('cp', ['-al', join(root, 'node_modules'), join(clone, 'node_modules')]);
    for (const cache of ['.cache', '.turbo', '.quanyu-built', '.quanyu-build.json']) rmSync(join(clone, 'node_modules', cache), { recursive: true, force: true });

    say('cold start');
    const cold = await start(clone, data);
    await cold.stop();
    say('warm start');
    const warm = await start(clone, data);
    const idle = memoryOfTree(warm.pid, data);
    say('orders');
    const flow = await orderFlow(warm, quick ? 100 : 400);
    const busy = memoryOfTree(warm.pid, data);
    await warm.stop();
    say('events, 1,000 a second');
    const lag = await eventLag({ perSecond: 1_000, seconds: quick ? 10 : 30 });

    return [
      { name: 'start cold (installed, nothing built, empty data folder)', value: rounded(cold.seconds), unit: 's', goal: 40 },
      { name: 'start warm', value: rounded(warm.seconds), unit: 's', goal: 8 },
      { name: 'memory after start, PSS of the whole tree', value: Math.round(idle), unit: 'MB', goal: 700 },
      { name: 'memory after the orders', value: Math.round(busy), unit: 'MB', goal: 700 },
      { name: `webhook answer p50, ${flow.count} paid orders at ${flow.perSecond}/s`, value: rounded(flow.answer.p50), unit: 'ms' },
      { name: 'webhook answer p99', value: rounded(flow.answer.p99), unit: 'ms', goal: 50 },
      { name: 'webhook to confirmed order, seen live, p50', value: Math.round(flow.confirmed.p50), unit: 'ms' },
      { name: 'webhook to confirmed order, seen live, p95', value: Math.round(flow.confirmed.p95), unit: 'ms', goal: 2000 },
      { name: `events told a second (${lag.count} in all)`, value: Math.round(lag.perSecond), unit: '/s' },
      { name: 'event lag, commit to commit, p50', value: rounded(lag.p50), unit: 'ms' },
      { name: 'event lag, commit to commit, p99', value: rounded(lag.p99), unit: 'ms', goal: 200 },
      { name: 'events lost or doubled', value: lag.wrong, unit: '', goal: 0 },
    ];
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
