// One process of two: asks so many times for one SKU, a thousand at a time, through the call that orders uses. Says "ready",
// begins when it is told to, and ends with what it was granted.
import { InProcessCalls, reserveStock } from '@quanyu/calls';
import { newId } from '@quanyu/ids';
import { inventory } from '@quanyu/inventory';
import { openSubgraph } from '@quanyu/subgraph';
import { testVault } from '@quanyu/testing';
import { configureLog } from '@quanyu/telemetry';

const { urls, tenantId, skuId, count } = JSON.parse(process.argv[2]);
configureLog({ level: 'warn' });
const subgraph = await openSubgraph(inventory, { urls, vault: testVault(), calls: new InProcessCalls(), jobs: { enqueue: () => Promise.resolve() } });
const calls = new InProcessCalls();
calls.add(subgraph.calls);
process.stdout.write('ready\n');
await new Promise((resolve) => { process.stdin.once('data', resolve); });
let next = 0;
let granted = 0;
const since = performance.now();
await Promise.all(Array.from({ length: 1024 }, async () => {
  while (next < count) {
    next += 1;
    const { kind } = await calls.invoke(reserveStock, { tenantId, key: newId('ord'), lines: [{ skuId, quantity: 1 }] });
    if (kind === 'held') granted += 1;
    else if (kind === 'refused') throw new Error('an ask was refused');
  }
}));
process.stdout.write(`${JSON.stringify({ granted, seconds: (performance.now() - since) / 1000 })}\n`);
process.exit(0);
