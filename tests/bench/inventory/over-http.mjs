import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startHouse } from '../house.mjs';
import { processorTime } from '../processor-time.mjs';
import { closedLoop } from './closed-loop.mjs';

/** The whole product in one process; asks over HTTP, as an admin console or a mini-program's server would. */
export async function overHttp({ seconds, callers }) {
  const folder = mkdtempSync(join(tmpdir(), 'quanyu-http-'));
  chmodSync(folder, 0o755);
  const house = await startHouse('standalone', folder);
  try {
    const ask = async (query, variables) => {
      const response = await fetch(`${house.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${house.token}` }, body: JSON.stringify({ query, variables }) });
      return response.json();
    };
    const { data: { skus: [{ id: skuId }] } } = await ask('{ skus(codes: ["QY-TEA-250"]) { id } }');
    await ask(`mutation { setStockOnHand(input: { skuId: "${skuId}", onHand: 100000000, idempotencyKey: "bench" }) { userErrors { code } } }`);
    let serial = 0;
    const runs = {
      'nothing but the way there': async () => (await ask('query { __typename }')).data?.__typename === 'Query',
      reserveStock: async () => (await ask('mutation($input: ReserveStockInput!) { reserveStock(input: $input) { reservationId userErrors { code } } }', { input: { idempotencyKey: `bench-${serial++}`, lines: [{ skuId, quantity: 1 }] } })).data?.reserveStock.reservationId !== null,
    };
    const measured = {};
    for (const [name, run] of Object.entries(runs)) {
      const before = processorTime(house);
      const result = await closedLoop({ callers, seconds, ask: run });
      const after = processorTime(house);
      const ofOne = (parts) => parts.reduce((sum, part) => sum + after[part] - before[part], 0) / result.asked;
      measured[name] = { ...result, productMs: ofOne(['doors', 'work']), postgresMs: ofOne(['PostgreSQL']) };
    }
    return measured;
  } finally {
    await house.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
