// A hundred and more buyers in one process. Writes what it asks before it asks, and every answer when it has it, one JSON a
// line: what the parent has read survives a kill. Repeats with the same key until it is answered, as a good client does.
import { writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { newId } from '@quanyu/ids';

const { engines, tenantId, skus, locationId, clients, seed } = JSON.parse(process.argv[2]);
let going = true;
process.stdin.on('data', () => { going = false; });

let state = seed >>> 0;
/** Mulberry32: the same seed, the same wishes. */
const random = () => {
  state = (state + 0x6d2b79f5) >>> 0;
  let t = Math.imul(state ^ (state >>> 15), state | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
};
const pick = (list) => list[Math.floor(random() * list.length)];
const say = (line) => { writeSync(1, `${JSON.stringify(line)}\n`); };

async function call(name, input, tries = 400) {
  for (let n = 0; n < tries; n += 1) {
    try {
      const response = await fetch(`http://127.0.0.1:${pick(engines)}/`, { method: 'POST', body: JSON.stringify({ call: name, input }), signal: AbortSignal.timeout(15_000) });
      const answer = await response.json();
      if (response.ok && !(answer.kind === 'refused' && answer.code.startsWith('STOCK_'))) return answer;
    } catch { /* killed, or on its way up again */ }
    await sleep(20 + random() * 200);
  }
  return { kind: 'unanswered' };
}

const lines = () => [...new Set(Array.from({ length: 1 + Math.floor(random() * 3) }, () => pick(skus)))].map((skuId) => ({ skuId, quantity: 1 + Math.floor(random() * 2) }));

async function buy() {
  const key = newId('ord');
  const wanted = lines();
  const holdMinutes = random() < 0.3 ? 0.02 : 60;
  const ask = () => call('inventory.reserve-stock', { tenantId, key, lines: wanted, holdMinutes });
  const settle = async (deed, over = {}) => {
    say({ key, asks: deed });
    const { kind, code, replay } = await call('inventory.settle-reservation', { deed, tenantId, key, ...over });
    say({ key, deed, kind, code, replay });
  };
  say({ key, asks: 'RESERVE', lines: wanted, short: holdMinutes < 1 });
  const { kind, code } = await ask();
  say({ key, deed: 'RESERVE', kind, code });
  if (kind !== 'held') return;
  const next = random();
  if (next < 0.15) {
    const again = await ask();
    say({ key, deed: 'REPEAT', kind: again.kind, code: again.code });
  } else if (next < 0.25) {
    const other = await call('inventory.reserve-stock', { tenantId, key, lines: [{ skuId: skus[0], quantity: 7 }], holdMinutes });
    say({ key, deed: 'REUSE', kind: other.kind, code: other.code });
  }
  const then = random();
  if (then < 0.45) {
    if (random() < 0.3) await settle('EXTEND', { minutes: 0.05 });
    if (random() < 0.3) await sleep(random() * 2000);
    await settle('CONFIRM');
    if (random() < 0.5) await settle('CONSUME', random() < 0.5 ? {} : { part: { reference: 'parcel', lines: [{ skuId: wanted[0].skuId, quantity: 1 }] } });
  } else if (then < 0.8) {
    await settle('RELEASE');
  }
}

async function manage() {
  const at = { skuId: pick(skus), locationId, actor: 'test' };
  await call('change', [pick([
    { ...at, reason: 'COUNT', onHand: { to: 20 + Math.floor(random() * 60) } }, { ...at, reason: 'SNAPSHOT', onHand: { to: Math.floor(random() * 20) } },
    { ...at, reason: 'RECEIVED', onHand: { by: 10 } }, { ...at, reason: 'DAMAGED', unavailable: { by: 1 } }, { ...at, reason: 'QUALITY_RELEASE', unavailable: { to: 0 } },
  ])], 3);
}

await Promise.all(Array.from({ length: clients }, async (_, n) => {
  while (going) {
    if (n < 6 && random() < 0.4) await manage();
    await buy();
    await sleep(random() * 100);
  }
}));
say({ end: true });
process.exit(0);
