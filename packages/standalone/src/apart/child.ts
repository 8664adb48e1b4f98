import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

/** One process of the house. */
export interface Part {
  /** Such as `orders` or `orders-2 work`; it stands before each line of its log. */
  readonly label: string;
  readonly main: string;
  readonly port: number;
  readonly metricsPort?: number | undefined;
  readonly env: Readonly<Record<string, string>>;
}

const FOLLOW = new URL('../../../config/setup/follow.mjs', import.meta.url).href;
const AGAIN_MS = 300;
const QUICK_MS = 5_000;
const MOST_QUICK_ENDS = 5;
const WIDTH = 17;

/** Runs a part, hands its log on line by line, and starts it again when it ends unasked. */
export class Child {
  #process: ChildProcess | undefined;
  #stopping = false;
  #quickEnds = 0;
  #exited: Promise<void> = Promise.resolve();

  constructor(readonly part: Part, private readonly write: (line: string) => void, private readonly onChange: () => void) {}

  get pid(): number { return this.#process?.pid ?? 0; }
  get gaveUp(): boolean { return this.#quickEnds >= MOST_QUICK_ENDS; }

  start(): void {
    const startedAt = performance.now();
    const child = spawn(process.execPath, ['--import', FOLLOW, this.part.main], {
      env: this.part.env, stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#process = child;
    for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', (line) => this.#say(line));
    this.#exited = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        resolve();
        if (this.#stopping) return;
        this.#quickEnds = performance.now() - startedAt < QUICK_MS ? this.#quickEnds + 1 : 0;
        if (this.gaveUp) return this.#say(`ended with ${code ?? signal} again and again; given up`);
        this.#say(`ended with ${code ?? signal}; started again`);
        setTimeout(() => { if (!this.#stopping) this.start(); }, AGAIN_MS * 2 ** this.#quickEnds / 2);
      });
    });
    this.onChange();
  }

  /** Resolves once it says that it is ready. */
  async ready(withinMs: number): Promise<void> {
    for (const end = performance.now() + withinMs; performance.now() < end && !this.gaveUp;) {
      const answer = await fetch(`http://127.0.0.1:${this.part.port}/readyz`, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined);
      await answer?.body?.cancel();
      if (answer?.ok === true) return;
      await sleep(40);
    }
    throw new Error(`${this.part.label} did not become ready; its log says why`);
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#process?.kill('SIGINT');
    await this.#exited;
  }

  #say(line: string): void { this.write(`${this.part.label.padEnd(WIDTH)}| ${line}`); }
}
