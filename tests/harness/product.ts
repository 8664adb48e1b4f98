import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { postWebhook, type PostedWebhook, type WebhookAnswer } from '@quanyu/channel-sandbox';
import pg from 'pg';
import type { Credentials, Json } from './credentials.js';
import { LiveClient } from './live-client.js';
import { startOtlpReceiver, type OtlpReceiver } from './otlp-receiver.js';

const exec = promisify(execFile);
const main = (path: string): string => new URL(`../../packages/standalone/dist/${path}`, import.meta.url).pathname;
const MAINS = { standalone: main('main.js'), apart: main('apart/main.js') } as const;

/** In one process, or each part in a process of its own. */
export type Shape = keyof typeof MAINS;

// Whatever a test forgot must not outlive it.
const children = new Set<ChildProcess>();
process.once('exit', () => { for (const child of children) child.kill('SIGKILL'); });

interface DemoFile { readonly webhookUrl: string; readonly webhookSecret: string; readonly shopDomain: string }

/** A process of a house that runs apart. */
export interface Part { readonly label: string; readonly port: number; readonly pid: number; readonly metricsPort?: number }

/** The whole product, as `npm start` or `npm run start:apart` runs it, on a data folder of its own. */
export class Product {
  url = '';
  staffToken = '';
  partnerKey = '';
  /** Where its metrics are told; empty unless METRICS_PORT is given. */
  metricsUrl = '';
  /** Who takes in its traces, where it was started with one. */
  readonly traces: OtlpReceiver | undefined;
  demo!: DemoFile;
  #process: ChildProcess | undefined;
  #exited: Promise<number | null> = Promise.resolve(0);
  #lives: LiveClient[] = [];
  readonly #started: ChildProcess[] = [];

  /** @param main the file that runs; by default what this clone has built. */
  constructor(readonly dataDir: string, private readonly main: string = MAINS.standalone, traces?: OtlpReceiver) {
    this.traces = traces;
  }

  get logFile(): string { return join(this.dataDir, '..', 'product.log'); }
  get alive(): boolean { return this.#process !== undefined && this.#process.exitCode === null && this.#process.signalCode === null; }
  get pid(): number { return this.#process!.pid!; }
  /** Resolves when the process has ended, by itself or by a signal. */
  get exited(): Promise<number | null> { return this.#exited; }

  /** Starts it and waits until it says where it is. */
  async start(env: Record<string, string> = {}, args: readonly string[] = []): Promise<this> {
    const child = spawn(process.execPath, ['--enable-source-maps', this.main, '--data', this.dataDir, '--port', '0', ...args], {
      env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', LOG_LEVEL: 'debug', REQUIRE_REDIS: process.env.REQUIRE_REDIS ?? '',
      // The machine of a test may have much else to do.
      BUSY_AFTER_MS: '600000',
      // One process starts sooner, and a kill at a point is the end of all of it.
      WORKERS: '0', ...env }, stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#process = child;
    children.add(child);
    this.#started.push(child);
    this.#exited = new Promise((resolve) => child.once('exit', (code) => resolve(code)));
    const log = createWriteStream(this.logFile, { flags: 'a' });
    child.stderr!.pipe(log);
    let out = '';
    await new Promise<void>((resolve, reject) => {
      child.stdout!.on('data', (chunk: Buffer) => {
        out += chunk.toString();
        // The list of addresses and what follows it end with an empty line.
        if (/\n\s*Graph[\s\S]*\n\n$/.test(out)) resolve();
      });
      child.once('exit', (code, signal) => reject(new Error(`It ended before it was ready (${code ?? signal}); see ${this.logFile}`)));
    });
    const value = (name: string): string => new RegExp(`^\\s*${name}\\s+(\\S+)$`, 'm').exec(out)?.[1] ?? '';
    this.url = value('Graph').replace(/\/graphql$/, '');
    this.staffToken = value('Staff token');
    this.partnerKey = value('Partner key');
    this.metricsUrl = value('Metrics');
    if (existsSync(join(this.dataDir, 'demo.json'))) this.demo = JSON.parse(await readFile(join(this.dataDir, 'demo.json'), 'utf8')) as DemoFile;
    return this;
  }

  /** Where each of its processes tells its metrics. */
  async metricsUrls(): Promise<string[]> {
    if (this.main === MAINS.standalone) return [this.metricsUrl];
    return (await this.parts()).map(({ metricsPort }) => `http://127.0.0.1:${metricsPort}/metrics`);
  }

  /** The processes of a house that runs apart; their ids change when one is started again. */
  async parts(): Promise<Part[]> {
    return JSON.parse(await readFile(join(this.dataDir, 'processes.json'), 'utf8')) as Part[];
  }

  /** One of them, by its label. */
  async part(label: string): Promise<Part> {
    const found = (await this.parts()).find((part) => part.label === label);
    if (found === undefined) throw new Error(`No process is called ${label}`);
    return found;
  }

  /** What it has logged so far, from whichever process. */
  async logLines(): Promise<Json[]> {
    const text = await readFile(this.logFile, 'utf8');
    return text.split('\n').map((line) => line.slice(line.indexOf('{'))).filter((line) => line.startsWith('{"level"')).map((line) => JSON.parse(line) as Json);
  }

  /** Waits until the process is gone by itself; for kill points. */
  async untilGone(withinMs: number): Promise<boolean> {
    const timer = new AbortController();
    const gone = this.#exited.then(() => true);
    const late = sleep(withinMs, false, { signal: timer.signal }).catch(() => false);
    return Promise.race([gone, late]).finally(() => timer.abort());
  }

  async kill(): Promise<void> {
    this.#process?.kill('SIGKILL');
    await this.#exited;
  }

  /** Ends it as Ctrl-C does; a PostgreSQL that a kill left behind is ended too. */
  async stop(): Promise<void> {
    for (const live of this.#lives.splice(0)) live.close();
    if (this.alive) {
      this.#process!.kill('SIGINT');
      await this.#exited;
    }
    for (const child of this.#started.splice(0)) if (child !== this.#process) child.kill('SIGKILL');
    const pid = await readFile(join(this.dataDir, 'postgres', 'cluster', 'postmaster.pid'), 'utf8').then((text) => Number(text.split('\n')[0]), () => undefined);
    if (pid !== undefined) process.kill(pid, 'SIGINT');
  }

  /** Asks the graph; transport faults throw, GraphQL errors are in the answer. */
  async ask(query: string, variables: Json = {}, credentials: Credentials = { token: this.staffToken }, headers: Record<string, string> = {}): Promise<{ data: Json; errors?: Json[]; status: number }> {
    const response = await fetch(`${this.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json', ...headers,
        ...('token' in credentials && { authorization: `Bearer ${credentials.token}` }), ...('apiKey' in credentials && { 'x-api-key': credentials.apiKey }),
      },
      body: JSON.stringify({ query, variables }),
    });
    return { ...(await response.json() as { data: Json; errors?: Json[] }), status: response.status };
  }

  /** Asks and expects an answer without errors. */
  async get(query: string, variables: Json = {}, credentials?: Credentials): Promise<Json> {
    const { data, errors } = await this.ask(query, variables, credentials);
    if (errors) throw new Error(JSON.stringify(errors));
    return data;
  }

  /** Posts a webhook to the demo channel as Shopify would. */
  webhook(body: string | object, over: Partial<PostedWebhook> = {}): Promise<WebhookAnswer> {
    const { webhookUrl, webhookSecret, shopDomain } = this.demo;
    const path = new URL(webhookUrl).pathname;
    return postWebhook({
      url: `${this.url}${path}`, secret: webhookSecret, shopDomain, topic: 'orders/create',
      body: typeof body === 'string' ? body : JSON.stringify(body), ...over,
    });
  }

  /** Opens a live socket. */
  async live(credentials: Credentials = { token: this.staffToken }): Promise<LiveClient> {
    const client = await LiveClient.open(this.url, credentials);
    this.#lives.push(client);
    return client;
  }

  /** SQL as the superuser of its embedded PostgreSQL. */
  async sql<Row extends object = Json>(text: string, values: unknown[] = []): Promise<Row[]> {
    const read = (name: string): Promise<string> => readFile(join(this.dataDir, 'postgres', name), 'utf8');
    const [port, password] = await Promise.all([read('port'), read('password')]);
    const client = new pg.Client({ host: '127.0.0.1', port: Number(port), user: 'postgres', password: password.trim(), database: 'postgres' });
    await client.connect();
    try {
      return (await client.query<Row>(text, values)).rows;
    } finally {
      await client.end();
    }
  }
}

const run = process.env.QUANYU_TEST_TMP ?? join(tmpdir(), `quanyu-test-${process.pid}`);

/** A product on a fresh copy of a data folder with the demo tenant; the first one of a run makes it. Not started yet. */
export async function freshProduct(shape: Shape = 'standalone'): Promise<Product> {
  if (shared !== undefined) return shared;
  await mkdir(run, { recursive: true, mode: 0o755 });
  const template = join(run, 'template');
  await makeOnce(template, async (draft) => {
    const product = await new Product(draft).start();
    await product.stop();
  });
  const folder = await mkdtemp(join(run, 'product-'));
  await exec('chmod', ['755', folder]);
  // Ownership matters: as root, the database's files belong to another user.
  await exec('cp', ['-a', template, join(folder, 'data')]);
  return new Product(join(folder, 'data'), MAINS[shape]);
}

/** Removes a stopped product's folder. */
export async function remove(product: Product): Promise<void> {
  if (product !== shared) await rm(join(product.dataDir, '..'), { recursive: true, force: true, maxRetries: 20, retryDelay: 250 });
}

let shared: SharedProduct | undefined;

/** One started product for all that ask for a fresh one from here on in this test file. */
export async function shareProduct(shape: Shape, env: Readonly<Record<string, string>> = {}): Promise<SharedProduct> {
  const product = await freshProduct(shape);
  return (shared = new SharedProduct(product.dataDir, MAINS[shape], await startOtlpReceiver(), env));
}

/** Starts once and is ended by whoever shared it. */
class SharedProduct extends Product {
  #started: Promise<this> | undefined;

  constructor(dataDir: string, main: string, traces: OtlpReceiver, private readonly env: Readonly<Record<string, string>>) {
    super(dataDir, main, traces);
  }

  /** With metrics and traces on: some of those who ask for it want to see them. */
  override start(): Promise<this> { return (this.#started ??= super.start({ METRICS_PORT: '0', OTEL_EXPORTER_OTLP_ENDPOINT: this.traces!.endpoint, ...this.env })); }
  override stop(): Promise<void> { return Promise.resolve(); }

  async end(): Promise<void> {
    await super.stop();
    await this.traces?.close();
    shared = undefined;
    await remove(this);
  }
}

/** Test files run side by side: the one that makes the folder of the lock does the work, the others wait for it. */
async function makeOnce(target: string, make: (draft: string) => Promise<void>): Promise<void> {
  for (const end = Date.now() + 120_000; Date.now() < end;) {
    if (existsSync(target)) return;
    const mine = await mkdir(`${target}.lock`).then(() => true, () => false);
    if (mine) {
      try {
        const draft = `${target}.draft`;
        await mkdir(draft, { recursive: true, mode: 0o755 });
        await make(join(draft, 'data'));
        await rename(join(draft, 'data'), target);
        return;
      } finally {
        await rm(`${target}.lock`, { recursive: true, force: true });
      }
    }
    await sleep(100);
  }
  throw new Error(`${target} was not made in time`);
}
