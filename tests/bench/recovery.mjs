import { setTimeout as sleep } from 'node:timers/promises';
import { paidOrder, post, posted } from './golden-story.mjs';

const GIVE_UP_MS = 60_000;

/** Kills a part, and takes the time until an order that came at that very moment is in the ledger. */
export async function recovery(house, label) {
  const { pid } = house.parts().find((part) => part.label === label);
  const before = await posted(house);
  process.kill(pid, 'SIGKILL');
  const since = performance.now();
  const order = paidOrder();
  // As a platform does, only sooner.
  while ((await post(house, order).catch(() => ({ status: 0 }))).status !== 200) {
    if (performance.now() - since > GIVE_UP_MS) throw new Error(`${label} did not come back`);
    await sleep(50);
  }
  while ((await posted(house)) < before + 1) {
    if (performance.now() - since > GIVE_UP_MS) throw new Error(`The order did not get through after ${label} was killed`);
    await sleep(20);
  }
  const seconds = (performance.now() - since) / 1000;
  // The next kill begins with a whole house, also where this order did without the part.
  for (const { port } of house.parts()) while (!(await fetch(`http://127.0.0.1:${port}/readyz`).then(({ ok }) => ok, () => false))) await sleep(50);
  return seconds;
}
