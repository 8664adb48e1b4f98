// Gateways side by side in one run: the gateway on one core; load and subgraphs, which answer from memory, on the other.
// At the end the real subgraphs on PostgreSQL, on both cores.
// BENCH_ONLY='http|apollo|house', BENCH_WORKLOADS=list,point and BENCH_SECONDS=1 narrow it down while something is being made faster, and BENCH_PROFILE=FOLDER tells where the time goes.
import { execFileSync, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { profiled } from './cpu-profile.mjs';
import { supergraphSdl } from './gateway/compose.mjs';
import { expectedAnswers } from './gateway/expected.mjs';
import { figuresOf } from './gateway/figures.mjs';
import { load, usageOf } from './gateway/load.mjs';
import { realHouse } from './gateway/real-house.mjs';
import { WORKLOADS } from './gateway/world.mjs';

const here = new URL('./gateway/', import.meta.url).pathname;
const KINDS = ['http', 'in process', 'apollo', 'hive', 'hive, Rust planner'];
const CONNECTIONS = 50;
const [GATEWAY_CORE, OTHER_CORE] = [0, 1];

/** Starts a script as a child on one core; resolves with what it says first. */
async function start(script, message, core) {
  const child = fork(here + script, [], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], env: { ...process.env, NODE_ENV: 'production' } });
  pin(child.pid, core);
  child.send(message);
  const said = await new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', (code) => reject(new Error(`${script} ${message.kind ?? ''} ended with ${code}`)));
  });
  child.removeAllListeners('exit');
  // Threads that began before it was pinned stay where they were.
  pin(child.pid, core);
  return { child, said, stop: () => new Promise((resolve) => { child.once('exit', resolve); child.kill('SIGKILL'); }) };
}

function pin(pid, core) {
  try {
    execFileSync('taskset', ['-a', '-c', '-p', String(core), String(pid)], { stdio: 'ignore' });
  } catch { /* not on Linux, or one core: figures are then for comparison within the run only */ }
}

export async function bench({ quick, say }) {
  if (!existsSync(`${here}others/node_modules`)) {
    say('the other gateways, installed for this benchmark alone');
    execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: `${here}others`, stdio: 'ignore' });
  }
  const only = process.env.BENCH_ONLY?.split('|');
  const kinds = KINDS.filter((kind) => only === undefined || only.includes(kind));
  const workloads = WORKLOADS.filter(({ name }) => process.env.BENCH_WORKLOADS?.split(',').includes(name) ?? true);
  const seconds = Number(process.env.BENCH_SECONDS ?? (quick ? 2 : 3));
  const questions = await expectedAnswers(workloads);
  const subgraphs = await start('subgraphs.mjs', {}, OTHER_CORE);
  pin(process.pid, OTHER_CORE);
  const sdl = supergraphSdl(subgraphs.said);
  const [address] = Object.values(subgraphs.said);
  const callsSoFar = async () => (await (await fetch(`${address}/calls`)).json()).calls;
  const results = new Map();

  const measure = async (name, gateway, url, asked) => {
    await load({ url, connections: CONNECTIONS, seconds: seconds / 2, questions: asked });
    await callsSoFar();
    const usage = () => [gateway, subgraphs].map(({ child }) => usageOf(child.pid));
    const before = usage();
    const told = await profiled(name, gateway.child.pid, () => load({ url, connections: CONNECTIONS, seconds, questions: asked }));
    const after = usage();
    const [own, theirs] = after.map(({ cpu }, n) => (cpu - before[n].cpu) * 1000 / told.count);
    return { ...told, gatewayCpu: own, cpu: own + theirs, memory: after[0].memory, calls: await callsSoFar() / told.count };
  };

  try {
    for (const shared of [false, true]) {
      for (const kind of kinds) {
        // Apollo's executor cannot share, and a quick run leaves the second round out.
        if (shared && (quick || kind === 'apollo')) continue;
        const gateway = await start('gateways.mjs', { kind, sdl, addresses: subgraphs.said, shareReads: shared }, GATEWAY_CORE);
        const url = `http://127.0.0.1:${gateway.said.port}/graphql`;
        for (const { name } of workloads) {
          for (const varied of [false, true]) {
            say(`${kind}, ${name}, ${varied ? 'varied' : 'fixed'}${shared ? ', equal reads shared' : ''}`);
            results.set(`${kind} ${name} ${varied} ${shared}`, await measure(`${kind} ${name}`.replaceAll(/\W+/g, '-'), gateway, url, varied ? questions[name] : questions[name].slice(0, 1)));
          }
        }
        await gateway.stop();
      }
    }
  } finally {
    await subgraphs.stop();
    pin(process.pid, `${GATEWAY_CORE},${OTHER_CORE}`);
  }
  const figures = figuresOf(results, kinds, workloads);
  return only === undefined || only.includes('house') ? [...figures, ...(await realHouse({ seconds, say }))] : figures;
}
