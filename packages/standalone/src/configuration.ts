import { gatewayTable } from '@quanyu/gateway';
import { describeSettings, type SettingsTable } from '@quanyu/settings';
import { subgraphTable } from '@quanyu/subgraph';
import { migrateTable } from './migrate/settings.js';

const anySubgraph = (): SettingsTable =>
  Object.fromEntries(Object.entries(subgraphTable('orders')).map(([name, setting]) => [name.replace('ORDERS_', '<SUBGRAPH>_'), { ...setting, what: setting.what.replaceAll('orders', '<subgraph>'), form: setting.form.replace('postgres://orders:', 'postgres://<subgraph>:') }])) as SettingsTable;
const shortMigrate = (): SettingsTable => {
  const kept = Object.entries(migrateTable as SettingsTable).filter(([name]) => !/^[A-Z]+_DATABASE(_ADMIN)?_URL$/.test(name) || /^(ORDERS|JOBS)_/.test(name));
  return Object.fromEntries(kept.map(([name, setting]) => [name.replace('ORDERS_', '<SUBGRAPH>_'), { ...setting, what: setting.what.replaceAll('orders', '<subgraph>'), form: setting.form.replace('postgres://orders:', 'postgres://<subgraph>:') }]));
};

/** docs/configuration.md: written from the tables that the processes read their settings by. */
export const configurationPage = (): string => `# Configuration

Written by \`npm run configuration\` from the tables that the processes read at their start. Each process checks all of its settings before it does anything else and says every fault in a sentence of its own, all at once. A variable that is empty counts as not set.

\`npm start\` needs none of this. Apart there are four kinds of processes, all from one build:

| process | command |
|---|---|
| gateway | \`node gateway/dist/main.js\` |
| a subgraph: ${'`ROLE`'} says whether it serves, works or does both | \`node subgraphs/<subgraph>/dist/main.js\` |
| roles and migrations, once before the others and at each new version | \`npm run migrate\`, or \`node packages/standalone/dist/migrate/main.js\` |
| secrets: prints an .env file with a password and a service key for each | \`npm run secrets -- --database HOST:PORT/NAME\`, or \`node packages/standalone/dist/make-secrets/main.js\` |

Every gateway and subgraph answers \`/healthz\` (200 as long as it lives) and \`/readyz\` (503 while it cannot work or is being stopped). On SIGTERM it is no longer ready, takes requests for \`DRAIN_GRACE_MS\` more, finishes what runs and ends within 20 seconds.

## Gateway

${describeSettings(gatewayTable)}

## A subgraph

\`<SUBGRAPH>\` is its name in capitals: ACCESS, CATALOG, INVENTORY, ORDERS, MEMBERS, TICKETS, FINANCE, BRIDGE.

${describeSettings(anySubgraph())}

## Roles and migrations

${describeSettings(shortMigrate())}
`;
