import { spawn, type ChildProcess } from 'node:child_process';

const children = new Set<ChildProcess>();
process.once('exit', () => { for (const child of children) child.kill('SIGKILL'); });

const script = (name: string): string => new URL(`./${name}`, import.meta.url).pathname;

/** A process of a script beside this file, whose lines somebody reads. */
export class Actor {
  #child!: ChildProcess;
  #gone: Promise<void> = Promise.resolve();

  constructor(private readonly name: string, private readonly role: object, private readonly onLine: (line: string) => void) {}

  /** Starts it; `over` changes its role from now on. */
  start(over: object = {}): void {
    Object.assign(this.role, over);
    const child = spawn(process.execPath, [script(this.name), JSON.stringify(this.role)], { stdio: ['pipe', 'pipe', 'inherit'], env: { PATH: process.env.PATH ?? '' } });
    children.add(child);
    this.#child = child;
    let text = '';
    child.stdout!.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const lines = text.split('\n');
      // What a kill has cut off is no line, and was not said.
      text = lines.pop()!;
      lines.forEach(this.onLine);
    });
    this.#gone = new Promise((resolve) => { child.once('close', () => resolve()); });
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#gone;
  }

  /** Asks it to end by itself. */
  async end(): Promise<void> {
    this.#child.stdin!.write('end\n');
    await this.#gone;
  }
}
