// One process of inventory, asked over HTTP by client-process.mjs: its named calls, and changes of levels. Ends by SIGKILL.
import { createServer } from 'node:http';
import { InProcessCalls } from '@quanyu/calls';
import { newId } from '@quanyu/ids';
import { inventory } from '@quanyu/inventory';
import { openSubgraph } from '@quanyu/subgraph';
import { testVault } from '@quanyu/testing';
import { configureLog } from '@quanyu/telemetry';

const { urls, port, tenantId } = JSON.parse(process.argv[2]);
// It is told often enough that the database is gone.
configureLog({ level: 'fatal' });
const subgraph = await openSubgraph(inventory, { urls, vault: testVault(), calls: new InProcessCalls(), jobs: { enqueue: () => Promise.resolve() } });
const calls = new Map(subgraph.calls.map((call) => [call.name, call]));
const [sweep] = inventory.jobs(subgraph.deps).definitions.filter(({ name }) => name === 'inventory.sweep-stock');
setInterval(() => void sweep.run({}, { signal: new AbortController().signal, attempt: 1 }).catch(() => undefined), 700);

const change = async (changes) => {
  const rows = await subgraph.deps.database.write(tenantId, 'change', (em) => em.execute('select change_stock(?, ?, ?::jsonb, null, null) as answers', [newId('mov').slice(4, -6), tenantId, JSON.stringify(changes)]));
  return rows[0].answers;
};

createServer((request, response) => {
  let body = '';
  request.on('data', (chunk) => { body += chunk; });
  request.on('end', async () => {
    try {
      const { call, input } = JSON.parse(body);
      const answer = call === 'change' ? await change(input) : await calls.get(call).handle(input);
      response.end(JSON.stringify(answer));
    } catch (error) {
      response.statusCode = 503;
      response.end(JSON.stringify({ error: String(error) }));
    }
  });
}).listen(port, '127.0.0.1', function () { process.stdout.write(`${this.address().port}\n`); });
