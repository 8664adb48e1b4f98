// How many messages one gateway process delivers to live clients, how soon, and what a client costs.
// Server and clients are processes of their own, each on one core where taskset is there.
import { execFileSync, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { percentile } from './percentile.mjs';

const hasTaskset = (() => { try { execFileSync('taskset', ['-V'], { stdio: 'ignore' }); return true; } catch { return false; } })();

/** Starts a script of `live/` on a core; answers how to talk to it. */
async function start(core, script, ...args) {
  const node = ['--expose-gc', '--disable-warning=ExperimentalWarning', new URL(`./live/${script}.mjs`, import.meta.url).pathname, ...args.map(String)];
  const [command, argv] = hasTaskset ? ['taskset', ['-c', String(core), process.execPath, ...node]] : [process.execPath, node];
  const child = spawn(command, argv, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const answers = [];
  const waiting = [];
  child.on('message', (message) => { const next = waiting.shift(); if (next) next(message); else answers.push(message); });
  const answer = (ms = 120_000) => {
    if (answers.length > 0) return Promise.resolve(answers.shift());
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${script} did not answer within ${ms / 1000} s`)), ms);
      waiting.push((message) => { clearTimeout(timer); resolve(message); });
    });
  };
  return { ask: (message) => { child.send(message); return answer(); }, tell: (message) => child.send(message), answer, stop: () => { child.kill('SIGKILL'); } };
}

/**
 * Delivers rounds of `atOnce` changes to all clients for some seconds. Each round is told when the last has reached half of
 * the clients: a server that waited for the last client, and for two processes to hear of it, would be idle for a third of the time.
 */
async function deliver(server, clients, count, atOnce, seconds) {
  const ahead = count * atOnce / 2;
  let messages = 0;
  let wrong = 0;
  const round = async () => {
    clients.tell({ expect: count * atOnce, ahead });
    server.tell({ tell: atOnce });
    ({ wrong } = await clients.answer());
  };
  const allArrived = async () => { ({ wrong } = await clients.ask({ expect: 0 })); };
  for (const until = performance.now() + 1_000; performance.now() < until;) await round();
  await allArrived();
  const { microseconds: before } = await server.ask({ cpu: true });
  const began = performance.now();
  while (performance.now() - began < seconds * 1000) {
    await round();
    messages += count * atOnce;
  }
  await allArrived();
  if (wrong > 0) throw new Error(`${wrong} messages were wrong`);
  const perSecond = messages / ((performance.now() - began) / 1000);
  const { microseconds: after } = await server.ask({ cpu: true });
  return { perSecond: Math.round(perSecond), cpu: Number(((after - before) / messages).toFixed(2)) };
}

/** Sends changes at a gentle pace; answers the time from the change to each client. */
async function latency(server, clients, count, changes, pauseMs) {
  clients.tell({ latency: true });
  for (let i = 0; i < changes; i += 1) {
    clients.tell({ expect: count });
    server.tell({ tell: 1 });
    await clients.answer();
    await sleep(pauseMs);
  }
  const { latencies, wrong } = await clients.ask({ report: true });
  if (wrong > 0 || latencies.length !== changes * count) throw new Error(`${latencies.length} of ${changes * count} arrived, ${wrong} were wrong`);
  clients.tell({ latency: false });
  return latencies;
}

async function withClients(kind, count, work) {
  const server = await start(0, 'server', kind);
  let clients;
  try {
    const { port } = await server.answer();
    const before = await server.ask({ measure: true });
    clients = await start(1, 'clients', port, count);
    await clients.answer();
    await sleep(500);
    const idle = await server.ask({ measure: true });
    return await work({ server, clients, kilobytesEach: (idle.rss - before.rss) / 1024 / count, streams: idle.listeners });
  } finally {
    clients?.stop();
    server.stop();
  }
}

const whole = (value) => Math.round(value);

export async function bench({ quick, say }) {
  const seconds = quick ? 3 : 6;
  const figures = [];
  const tell = (figure) => { figures.push(figure); say(`${figure.name}: ${figure.value} ${figure.unit}`); };
  say('stock graphql-ws, 1,000 clients');
  const stock = await withClients('stock', 1_000, ({ server, clients }) => deliver(server, clients, 1_000, 1, seconds));
  tell({ name: 'stock graphql-ws: messages/s, 1,000 clients', value: stock.perSecond, unit: '/s' });

  say('ours, 1,000 clients');
  await withClients('ours', 1_000, async ({ server, clients, streams }) => {
    if (streams !== 1) throw new Error(`${streams} streams for one operation`);
    const shared = await deliver(server, clients, 1_000, 1, seconds);
    const packed = await deliver(server, clients, 1_000, 10, seconds);
    const times = await latency(server, clients, 1_000, quick ? 30 : 100, 50);
    tell({ name: 'shared: messages/s, 1,000 clients', value: shared.perSecond, unit: '/s', goal: 100_000, atLeast: true, against: 'stock graphql-ws', ratio: Number((shared.perSecond / stock.perSecond).toFixed(1)) });
    tell({ name: 'packed, 10 changes a tick: messages/s, 1,000 clients', value: packed.perSecond, unit: '/s', goal: 500_000, atLeast: true, against: 'stock graphql-ws', ratio: Number((packed.perSecond / stock.perSecond).toFixed(1)) });
    // Says the same on a busy machine, where messages a second do not.
    for (const [name, { cpu }] of Object.entries({ 'stock graphql-ws': stock, shared, packed })) tell({ name: `${name}: server CPU a message`, value: cpu, unit: 'µs' });
    tell({ name: 'change at the client p50, 1,000 clients', value: whole(percentile(times, 0.5)), unit: 'ms' });
    tell({ name: 'change at the client p99, 1,000 clients', value: whole(percentile(times, 0.99)), unit: 'ms', goal: 100 });
  });

  say('ours, 10,000 clients');
  await withClients('ours', 10_000, async ({ server, clients, kilobytesEach }) => {
    const shared = await deliver(server, clients, 10_000, 1, seconds);
    const packed = await deliver(server, clients, 10_000, 10, seconds);
    const times = await latency(server, clients, 10_000, quick ? 5 : 20, 200);
    tell({ name: 'memory of an idle subscriber, 10,000 clients', value: Number(kilobytesEach.toFixed(1)), unit: 'KB', goal: 25 });
    tell({ name: 'shared: messages/s, 10,000 clients', value: shared.perSecond, unit: '/s' });
    tell({ name: 'packed: messages/s, 10,000 clients', value: packed.perSecond, unit: '/s' });
    tell({ name: 'change at the client p50, 10,000 clients', value: whole(percentile(times, 0.5)), unit: 'ms' });
    tell({ name: 'change at the client p99, 10,000 clients', value: whole(percentile(times, 0.99)), unit: 'ms' });
  });
  return figures;
}
