import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closedLoop } from './closed-loop.mjs';

const MAIN = new URL('../../../packages/standalone/dist/main.js', import.meta.url).pathname;

/** CPU seconds of a process so far. */
const cpuOf = (pid) => { try { return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e9; } catch { return 0; } };
const parentOf = (pid) => { try { return readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ')[1]; } catch { return undefined; } };
const childrenOf = (parent) => readdirSync('/proc').filter((name) => /^\d+$/.test(name) && parentOf(name) === String(parent));

/** The whole product in one process; asks over HTTP, as an admin console or a mini-program's server would. */
export async function overHttp({ seconds, callers }) {
  const folder = mkdtempSync(join(tmpdir(), 'quanyu-http-'));
  chmodSync(folder, 0o755);
  const child = spawn(process.execPath, [MAIN, '--data', join(folder, 'data'), '--port', '0'], { env: { PATH: process.env.PATH, HOME: process.env.HOME, LOG_LEVEL: 'warn' }, stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const value = await new Promise((resolve, reject) => {
      let out = '';
      child.stdout.on('data', (chunk) => {
        out += chunk;
        if (/\n\s*Graph[\s\S]*\n\n$/.test(out)) resolve((name) => new RegExp(`^\\s*${name}\\s+(\\S+)$`, 'm').exec(out)?.[1]);
      });
      child.once('exit', (code) => reject(new Error(`the product ended with ${code}`)));
    });
    const [url, token] = [value('Graph'), value('Staff token')];
    const ask = async (query, variables) => {
      const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` }, body: JSON.stringify({ query, variables }) });
      return response.json();
    };
    const { data: { skus: [{ id: skuId }] } } = await ask('{ skus(codes: ["QY-TEA-250"]) { id } }');
    await ask(`mutation { setStockOnHand(input: { skuId: "${skuId}", onHand: 100000000, idempotencyKey: "bench" }) { userErrors { code } } }`);
    const postmaster = Number(readFileSync(join(folder, 'data', 'postgres', 'cluster', 'postmaster.pid'), 'utf8').split('\n')[0]);
    let serial = 0;
    const runs = {
      'nothing but the way there': async () => (await ask('query { __typename }')).data?.__typename === 'Query',
      reserveStock: async () => (await ask('mutation($input: ReserveStockInput!) { reserveStock(input: $input) { reservationId userErrors { code } } }', { input: { idempotencyKey: `bench-${serial++}`, lines: [{ skuId, quantity: 1 }] } })).data?.reserveStock.reservationId !== null,
    };
    const measured = {};
    for (const [name, run] of Object.entries(runs)) {
      const backends = childrenOf(postmaster);
      const before = { product: cpuOf(child.pid), postgres: backends.reduce((sum, pid) => sum + cpuOf(pid), 0) };
      const result = await closedLoop({ callers, seconds, ask: run });
      const perAsk = (after, since) => ((after - since) * 1000) / result.asked;
      measured[name] = {
        ...result, productMs: perAsk(cpuOf(child.pid), before.product),
        postgresMs: perAsk(childrenOf(postmaster).reduce((sum, pid) => sum + cpuOf(pid), 0), before.postgres),
      };
    }
    return measured;
  } finally {
    child.removeAllListeners('exit');
    await new Promise((resolve) => { child.once('exit', resolve); child.kill('SIGINT'); });
    rmSync(folder, { recursive: true, force: true });
  }
}
