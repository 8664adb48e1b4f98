// Gateways side by side in one run: the gateway on one core; load and subgraphs, which answer from memory, on the other.
// Then ours when it is asked for more than it can do, live clients, and the real subgraphs on PostgreSQL, on both cores.
// A full run takes about ten minutes and needs nobody: a part that fails or hangs is told, and the next one begins.
// BENCH_ONLY='http|apollo|overload|live|house', BENCH_WORKLOADS=list,point and BENCH_SECONDS=1 narrow it down while something is being made faster, and BENCH_PROFILE=FOLDER tells where the time goes.
import { execFileSync, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { profiled } from './cpu-profile.mjs';
import { supergraphSdl } from './gateway/compose.mjs';
import { expectedAnswers } from './gateway/expected.mjs';
import { figuresOf, overloadFigures } from './gateway/figures.mjs';
import { load, usageOf } from './gateway/load.mjs';
import { overload } from './gateway/overload.mjs';
import { realHouse } from './gateway/real-house.mjs';
import { WORKLOADS } from './gateway/world.mjs';
import { bench as live } from './live.bench.mjs';

const here = new URL('./gateway/', import.meta.url).pathname;
const KINDS = ['http', 'in process', 'apollo', 'hive', 'hive, Rust planner'];
const CONNECTIONS = 50;
const [GATEWAY_CORE, OTHER_CORE] = [0, 1];
const OVERLOAD = 4;
const WARM = { full: { seconds: 5, enough: 600 }, quick: { seconds: 3, enough: 300 } };
/** Enough to keep it busy, and too few to make anybody wait long. */
const FEW_CONNECTIONS = 8;
/** As our image runs on a machine of 2 GB; the same for all gateways. */
const NODE = ['--max-semi-space-size=32', '--max-old-space-size=1024'];

/** Gives up what takes too long, so that the rest is measured all the same. */
function within(seconds, what, work) {
  let timer;
  const late = new Promise((_, reject) => { timer = setTimeout(() => reject(new Error(`${what} took longer than ${seconds} s`)), seconds * 1_000); });
  return Promise.race([work(), late]).finally(() => clearTimeout(timer));
}

/** Starts a script as a child on one core; resolves with what it says first. */
async function start(script, message, core) {
  const child = fork(here + script, [], { execArgv: NODE, stdio: ['ignore', 'ignore', 'inherit', 'ipc'], env: { ...process.env, NODE_ENV: 'production' } });
  pin(child.pid, core);
  child.send(message);
  const said = await within(60, `the start of ${script} ${message.kind ?? ''}`, () => new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', (code) => reject(new Error(`${script} ${message.kind ?? ''} ended with ${code}`)));
  }));
  child.removeAllListeners('exit');
  // Threads that began before it was pinned stay where they were.
  pin(child.pid, core);
  return { child, said, stop: () => new Promise((resolve) => { if (child.exitCode !== null || child.signalCode !== null) return resolve(); child.once('exit', resolve); child.kill('SIGKILL'); }) };
}

function pin(pid, core) {
  try {
    execFileSync('taskset', ['-a', '-c', '-p', String(core), String(pid)], { stdio: 'ignore' });
  } catch { /* not on Linux, or one core: figures are then for comparison within the run only */ }
}

async function sideBySide({ kinds, workloads, questions, seconds, quick, say, failed }) {
  const subgraphs = await start('subgraphs.mjs', {}, OTHER_CORE);
  pin(process.pid, OTHER_CORE);
  const sdl = supergraphSdl(subgraphs.said);
  const [address] = Object.values(subgraphs.said);
  const callsSoFar = async () => (await (await fetch(`${address}/calls`)).json()).calls;
  const results = new Map();
  const urlOf = (gateway) => `http://127.0.0.1:${gateway.said.port}/graphql`;

  const measure = async (name, gateway, asked) => {
    const options = { url: urlOf(gateway), connections: CONNECTIONS, questions: asked };
    // All of them warm: so many answers, or as long as that takes some.
    await load({ ...options, ...(quick ? WARM.quick : WARM.full) });
    await callsSoFar();
    const usage = () => [gateway, subgraphs].map(({ child }) => usageOf(child.pid));
    const before = usage();
    const told = await profiled(name, gateway.child.pid, () => load({ ...options, seconds }));
    const after = usage();
    const [own, theirs] = after.map(({ cpu }, n) => (cpu - before[n].cpu) * 1000 / told.count);
    return { ...told, gatewayCpu: own, cpu: own + theirs, memory: after[0].memory, calls: await callsSoFar() / told.count };
  };

  const ofKind = async (kind, shared) => {
    const gateway = await start('gateways.mjs', { kind, sdl, addresses: subgraphs.said, shareReads: shared }, GATEWAY_CORE);
    try {
      for (const { name } of workloads) {
        // A quick run leaves out what flatters: the same question again and again.
        for (const varied of quick ? [true] : [false, true]) {
          say(`${kind}, ${name}, ${varied ? 'varied' : 'fixed'}${shared ? ', equal reads shared' : ''}`);
          const told = await within(seconds * 3 + 60, `${kind} ${name}`, () => measure(`${kind} ${name}`.replaceAll(/\W+/g, '-'), gateway, varied ? questions[name] : questions[name].slice(0, 1)));
          results.set(`${kind} ${name} ${varied} ${shared}`, told);
        }
      }
    } finally {
      await gateway.stop();
    }
  };

  const tooMuch = async () => {
    const gateway = await start('gateways.mjs', { kind: 'limited', sdl, addresses: subgraphs.said, shareReads: false }, GATEWAY_CORE);
    try {
      say('more than it can do');
      const options = { url: urlOf(gateway), questions: questions.nested ?? Object.values(questions)[0] };
      // Gently: while it plans and compiles it would send strangers away.
      await overload({ ...options, perSecond: 30, seconds });
      const peak = await load({ ...options, connections: FEW_CONNECTIONS, seconds, maySendAway: true });
      const told = await profiled('overload', gateway.child.pid, () => overload({ ...options, perSecond: peak.perSecond * OVERLOAD, seconds: Math.max(3, seconds) }));
      return overloadFigures(peak.perSecond, OVERLOAD, told);
    } finally {
      await gateway.stop();
    }
  };

  try {
    for (const shared of quick ? [false] : [false, true]) {
      for (const kind of kinds) {
        // Apollo's executor cannot share, and in process there is nothing to be saved but work.
        if (shared && (kind === 'apollo' || kind === 'in process')) continue;
        await ofKind(kind, shared).catch((error) => failed(kind, error));
      }
    }
    return { results, tooMuch: await within(120, 'more than it can do', tooMuch).catch((error) => failed('overload', error)) ?? [] };
  } finally {
    await subgraphs.stop();
    pin(process.pid, `${GATEWAY_CORE},${OTHER_CORE}`);
  }
}

export async function bench({ quick, say }) {
  const only = process.env.BENCH_ONLY?.split('|');
  const wanted = (part) => only === undefined || only.includes(part);
  const kinds = KINDS.filter(wanted);
  if (kinds.some((kind) => kind.startsWith('hive')) && !existsSync(`${here}others/node_modules`)) {
    say('the other gateways, installed for this benchmark alone');
    execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: `${here}others`, stdio: 'ignore', timeout: 180_000 });
  }
  const seconds = Number(process.env.BENCH_SECONDS ?? (quick ? 2 : 3));
  const failures = [];
  const failed = (part, error) => {
    say(`${part} failed: ${error.message}`);
    failures.push({ name: `${part} failed: ${error.message.slice(0, 100)}`, value: 1, unit: '', goal: 0 });
  };
  const figures = [];
  if (kinds.length > 0 || wanted('overload')) {
    const workloads = WORKLOADS.filter(({ name }) => process.env.BENCH_WORKLOADS?.split(',').includes(name) ?? true);
    const questions = await expectedAnswers(workloads);
    const { results, tooMuch } = await sideBySide({ kinds, workloads, questions, seconds, quick, say, failed });
    figures.push(...figuresOf(results, kinds, workloads), ...tooMuch);
  }
  const parts = {
    live: () => within(240, 'live', () => live({ quick, say })),
    house: () => within(300, 'the real subgraphs', () => realHouse({ seconds, say })),
  };
  for (const [part, measured] of Object.entries(parts)) {
    if (wanted(part)) figures.push(...(await measured().catch((error) => failed(part, error)) ?? []));
  }
  return [...figures, ...failures];
}
