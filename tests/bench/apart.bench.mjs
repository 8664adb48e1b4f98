// What it costs to run the house as processes of their own, and what one of them may cost when it dies.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findRedis } from '@quanyu/testing';
import { eventLag } from './event-lag.mjs';
import { goldenStory, stockUp } from './golden-story.mjs';
import { startHouse } from './house.mjs';
import { processorTime } from './processor-time.mjs';
import { recovery } from './recovery.mjs';

const rounded = (value, digits = 1) => Number(value.toFixed(digits));
const SHAPES = [
  { name: 'standalone', shape: 'standalone', args: [] },
  { name: 'apart on PostgreSQL', shape: 'apart', args: ['--no-redis'] },
  { name: 'apart on Redis', shape: 'apart', args: [], redis: true },
];

export async function bench({ quick, say }) {
  const figures = [];
  const [warmUp, count] = quick ? [40, 150] : [200, 1_000];
  for (const { name, shape, args, redis } of SHAPES) {
    if (redis && findRedis() === null) continue;
    say(name);
    const folder = mkdtempSync(join(tmpdir(), 'quanyu-bench-'));
    chmodSync(folder, 0o755);
    const house = await startHouse(shape, folder, { args });
    try {
      await stockUp(house);
      await goldenStory(house, warmUp);
      const before = processorTime(house);
      const story = await goldenStory(house, count);
      const after = processorTime(house);
      const spent = Object.entries(after).map(([part, ms]) => [part, (ms - (before[part] ?? 0)) / count]).sort(([, a], [, b]) => b - a);
      figures.push(
        { name: `${name}: start, data folder empty`, value: rounded(house.seconds), unit: 's' },
        { name: `${name}: webhook to posted, ${count} orders`, value: rounded(story.perSecond), unit: '/s' },
        { name: `${name}: webhooks taken`, value: rounded(story.takenPerSecond), unit: '/s' },
        { name: `${name}: webhook answer p99`, value: rounded(story.answerP99), unit: 'ms' },
        { name: `${name}: processor time an order`, value: rounded(spent.reduce((sum, [, ms]) => sum + ms, 0)), unit: 'ms' },
        ...spent.filter(([, ms]) => ms >= 0.05).map(([part, ms]) => ({ name: `${name}: of it ${part}`, value: rounded(ms, 2), unit: 'ms' })),
      );
      if (redis || (shape === 'apart' && findRedis() === null)) {
        for (const { label } of house.parts()) {
          say(`${name}: killing ${label}`);
          figures.push({ name: `order in the ledger after ${label} was killed`, value: rounded(await recovery(house, label)), unit: 's', goal: 15 });
        }
      }
    } finally {
      await house.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  }
  for (const perSecond of [1_000, 5_000]) {
    say(`events over HTTP, ${perSecond} a second`);
    const lag = await eventLag({ perSecond, seconds: quick ? 5 : 20, remote: true, eventsEach: perSecond / 250 });
    figures.push(
      { name: `events told a second, of ${perSecond} wanted`, value: Math.round(lag.perSecond), unit: '/s' },
      { name: `event lag over HTTP at ${perSecond}/s, commit to answer, p50`, value: rounded(lag.p50), unit: 'ms' },
      { name: `event lag over HTTP at ${perSecond}/s, commit to answer, p99`, value: rounded(lag.p99), unit: 'ms', goal: 200 },
      { name: `events lost or doubled at ${perSecond}/s`, value: lag.wrong, unit: '', goal: 0 },
    );
  }
  return figures;
}
