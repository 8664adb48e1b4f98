import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Two processes, so many different orders each, on one unit more than one of them asks for: what each was granted, and how fast they were. */
export async function twoProcesses({ urls, tenantId, skuId, count }) {
  const askers = [0, 1].map(() => {
    const child = spawn(process.execPath, [new URL('./asker.mjs', import.meta.url).pathname, JSON.stringify({ urls, tenantId, skuId, count })], { stdio: ['pipe', 'pipe', 'inherit'] });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    return { child, line: async () => (await lines.next()).value };
  });
  for (const asker of askers) await asker.line();
  for (const { child } of askers) child.stdin.write('go\n');
  const results = await Promise.all(askers.map(async (asker) => JSON.parse(await asker.line())));
  return { granted: results.map(({ granted }) => granted), perSecond: (2 * count) / Math.max(...results.map(({ seconds }) => seconds)) };
}
