const started = performance.now();

/** A failure the reader can act on: its message is printed without a stack. */
export class SetupError extends Error {}

/** Seconds since this process began its work, as `12.3 s`. */
export const elapsed = (since = started) => `${((performance.now() - since) / 1000).toFixed(1)} s`;

/**
 * Prints that a step began, that it still runs (every ten seconds: a silent minute looks like a hang)
 * and how long it took.
 */
export async function step(what, quiet, work) {
  const since = performance.now();
  const say = quiet ? () => {} : (line) => process.stderr.write(`${line}\n`);
  say(`· ${what} …`);
  const ticking = setInterval(() => say(`  still at it: ${what}, ${elapsed(since)}`), 10_000);
  try {
    const result = await work();
    say(`✓ ${what}, ${elapsed(since)}`);
    return result;
  } finally {
    clearInterval(ticking);
  }
}
