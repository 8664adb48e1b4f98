/** Tells what is going on while somebody waits: one line a step, with the seconds since the start. */
export class Progress {
  readonly #since = performance.now();

  constructor(private readonly write: (line: string) => void = (line) => process.stderr.write(`${line}\n`)) {}

  step(text: string): void {
    this.write(`  ${((performance.now() - this.#since) / 1000).toFixed(1).padStart(5)} s  ${text}`);
  }
}
