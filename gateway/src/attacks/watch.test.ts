// What the attacks are measured by. It ends in .test.ts because its tools are no part of the product; the one test
// below runs again in each file that imports it.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { RunningGateway } from '../gateway.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** What an answer was, as far as attackers see it. */
export interface Seen { readonly status: number; readonly headers: Headers; readonly text: string; readonly code: unknown }

/** Posts to a gateway; a text goes as it is. */
export async function post(gateway: Pick<RunningGateway, 'url'>, body: unknown, headers: Record<string, string> = {}, path = '/graphql'): Promise<Seen> {
  const sent = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
  const answer = await fetch(gateway.url + path, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: sent as string });
  return seenOf(answer.status, answer.headers, await answer.text());
}

export function seenOf(status: number, headers: Headers, text: string): Seen {
  const { errors } = (text.startsWith('{') ? JSON.parse(text) : {}) as { errors?: { extensions?: { code?: unknown } }[] };
  return { status, headers, text, code: errors?.[0]?.extensions?.code };
}

/** Processor time of the looks themselves: a heap of other files is collected with ours, and that is nobody's attack. */
let looking = 0;

async function held(looks = 3): Promise<number> {
  // Sockets and answers are let go of a turn later.
  for (let i = 0; i < looks; i += 1) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    const before = process.cpuUsage();
    collect();
    looking += spentSince(before);
  }
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 1024 / 1024;
}

/**
 * Has every test of a file measured: whatever it does may cost so much processor time, its own making included and
 * these looks left out, and leave so much memory behind. What is remembered on purpose (plans, documents, credentials) is within that.
 */
export function watchEach({ processorSeconds = 15, megabytes = 40 } = {}): void {
  let before: number | undefined;
  let cpu: NodeJS.CpuUsage;
  let looked: number;
  beforeEach(async () => {
    before ??= await held(1);
    cpu = process.cpuUsage();
    looked = looking;
  });
  afterEach(async () => {
    expect((spentSince(cpu) - (looking - looked)) / 1_000).toBeLessThan(processorSeconds);
    const after = await held(1);
    expect(after - (before ?? after)).toBeLessThan(megabytes);
    before = after;
  });
}

/** Megabytes that are held after some work and were not before: what an attacker can make us keep. */
export async function megabytesKept(work: () => Promise<unknown>): Promise<number> {
  const before = await held();
  await work();
  return (await held()) - before;
}

/** Processor time of a piece of work, in milliseconds: what others do on the machine does not count. */
export async function processorTime(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  return spentSince(before);
}

/** In milliseconds. */
function spentSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/** `count` pieces of a text, each made with its number. */
export const many = (count: number, piece: (i: number) => string): string => Array.from({ length: count }, (_, i) => piece(i)).join(' ');

it('sees what is kept', async () => {
  const kept: number[][] = [];
  expect(await megabytesKept(async () => { kept.push(Array.from({ length: 2_000_000 }, (_, i) => i + 0.5)); })).toBeGreaterThan(10);
  expect(kept).toHaveLength(1);
});
