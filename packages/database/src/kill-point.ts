import { appendFileSync } from 'node:fs';

/** Where the process is to die, for tests that prove that nothing is lost. */
export interface KillPlan {
  /** `name#n`: the n-th time (from 1) that this point is passed. */
  readonly at?: string;
  /** File to which each point passed is appended, one `name#n` a line. */
  readonly trace?: string;
}

let plan: KillPlan | undefined;
const passed = new Map<string, number>();

/** Arms the kill points of this process; without it they do nothing. */
export const armKillPoints = (armed: KillPlan): void => { plan = armed; };

/**
 * A named place after a commit or before an answer. When armed for it, the process ends here by SIGKILL: no handler,
 * no buffer flushed, as a power cut would.
 */
export function killPoint(name: string): void {
  if (plan === undefined) return;
  const count = (passed.get(name) ?? 0) + 1;
  passed.set(name, count);
  const point = `${name}#${count}`;
  if (plan.trace !== undefined) appendFileSync(plan.trace, `${point}\n`);
  if (plan.at === point) {
    process.kill(process.pid, 'SIGKILL');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  }
}
