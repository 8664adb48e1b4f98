import { spawn } from 'node:child_process';
import { createWriteStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';

const main = (path) => new URL(`../../packages/standalone/dist/${path}`, import.meta.url).pathname;
const MAINS = { standalone: main('main.js'), apart: main('apart/main.js') };

/** Starts the house on a data folder, in one process or apart; answers how to reach and end it. */
export async function startHouse(shape, folder, { args = [], env = {} } = {}) {
  const data = join(folder, 'data');
  const since = performance.now();
  const child = spawn(process.execPath, [MAINS[shape], '--data', data, '--port', '0', ...args], { env: { PATH: process.env.PATH, HOME: process.env.HOME, LOG_LEVEL: 'warn', ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  child.stderr.pipe(createWriteStream(join(folder, `${shape}.log`), { flags: 'a' }));
  process.once('exit', () => child.kill('SIGKILL'));
  let out = '';
  await new Promise((resolve, reject) => {
    child.stdout.on('data', (chunk) => { out += chunk; if (out.includes('curl')) resolve(); });
    child.once('exit', (code) => reject(new Error(`The house ended with ${code}: ${readFileSync(join(folder, `${shape}.log`), 'utf8').slice(-2000)}`)));
  });
  const value = (name) => new RegExp(`^\\s*${name}\\s+(\\S+)$`, 'm').exec(out)?.[1];
  const read = (name) => readFileSync(join(data, 'postgres', name), 'utf8').trim();
  const sql = new pg.Client({ host: '127.0.0.1', port: Number(read('port')), user: 'postgres', password: read('password'), database: 'postgres' });
  await sql.connect();
  return {
    seconds: (performance.now() - since) / 1000,
    pid: child.pid,
    url: value('Graph').replace(/\/graphql$/, ''),
    token: value('Staff token'),
    demo: JSON.parse(readFileSync(join(data, 'demo.json'), 'utf8')),
    sql: async (text, values = []) => (await sql.query(text, values)).rows,
    /** Label and process id of each part, and its port where it has one of its own. */
    parts: () => JSON.parse(readFileSync(join(data, 'processes.json'), 'utf8')),
    postmaster: () => Number(readFileSync(join(data, 'postgres', 'cluster', 'postmaster.pid'), 'utf8').split('\n')[0]),
    async stop() {
      await sql.end();
      child.removeAllListeners('exit');
      await new Promise((resolve) => { child.once('exit', resolve); child.kill('SIGINT'); });
    },
  };
}
