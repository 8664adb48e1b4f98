import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startPostgres, type EmbeddedPostgres } from '@quanyu/database';

/** A PostgreSQL with its durable defaults, which can be killed as a power cut would, and started again on its data. */
export class MortalPostgres {
  #server!: EmbeddedPostgres;
  #folder!: string;

  async start(): Promise<this> {
    this.#folder = await mkdtemp(join(tmpdir(), 'quanyu-mortal-'));
    await chmod(this.#folder, 0o755);
    this.#server = await startPostgres({ dataDir: join(this.#folder, 'postgres') });
    return this;
  }

  get adminUrl(): string { return this.#server.adminUrl; }

  /** Kills one server process of a client: PostgreSQL ends all others, and recovers from its log. */
  async killBackend(pid: number): Promise<void> {
    process.kill(pid, 'SIGKILL');
    await sleep(100);
  }

  /** Kills all of it at once and starts it again. */
  async killAll(): Promise<void> {
    const { pid, port } = this.#server;
    const family = [pid, ...await childrenOf(pid)];
    for (const each of family) try { process.kill(each, 'SIGKILL'); } catch { /* gone already */ }
    await sleep(200);
    await this.#server.stop().catch(() => undefined);
    this.#server = await startPostgres({ dataDir: join(this.#folder, 'postgres'), port });
  }

  async remove(): Promise<void> {
    await this.#server.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

async function childrenOf(parent: number): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const parents = await Promise.all(pids.map(async (pid) => [Number(pid), (await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')).replace(/^.*\) /, '').split(' ')[1]] as const));
  return parents.filter(([, of]) => Number(of) === parent).map(([pid]) => pid);
}
