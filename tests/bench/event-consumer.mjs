// A consumer in a process of its own, for event-lag.mjs: takes ticks in and writes a row for each. Told its settings by
// its parent, as JSON in its first argument; says its port.
import { readPrivateKey, readPublicKeys, serviceKeys } from '@quanyu/calls';
import { subgraphUrls } from '@quanyu/database';
import { onTogether } from '@quanyu/outbox';
import { serveSubgraph } from '@quanyu/subgraph';
import { configureLog } from '@quanyu/telemetry';
import { probeSubgraph, testVault } from '@quanyu/testing';
import { tick, TICK_TENANT } from './tick.mjs';

configureLog({ level: 'warn' });
const { adminUrl, password, privateKey, publicKeys } = JSON.parse(process.argv[2]);
const served = await serveSubgraph(
  // As members and finance take events in: one statement for as many as came together.
  probeSubgraph({ consumers: [onTogether(tick, ({ em }, events) => em.execute(
    "insert into note (id, tenant_id, text) select 'n' || n, ?, 'x' from jsonb_array_elements_text(?::jsonb) as told (n)", [TICK_TENANT, JSON.stringify(events.map(({ data }) => data.n))]).then(() => undefined))] }),
  {
    role: 'serve', host: '127.0.0.1', port: 0, databaseUrls: subgraphUrls(adminUrl, 'probe', () => password), jobsDatabaseUrl: adminUrl, redisUrl: null,
    keys: serviceKeys('probe', readPrivateKey(privateKey), readPublicKeys(publicKeys)), services: new Map(), eventDoors: new Map(), vault: testVault(),
    drainGraceMs: 0, metrics: null, tracing: null, logLevel: 'warn', kill: null,
  },
);
process.on('SIGTERM', () => void served.stop(0).then(() => process.exit(0)));
process.stdout.write(`${served.port}\n`);
