import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from '@jest/globals';
import { apart } from '../harness/apart.js';
// The journeys themselves, told to a house that runs apart: they ask the harness for a product and get this one.
import './channel-order-to-ledger/journey.test.js';
import './client-operations.test.js';
import './log-of-an-order.test.js';
import './member-buys.test.js';
import './metrics-of-an-order.test.js';
import './operations.test.js';
import './order-desk.test.js';
import './own-order.test.js';
import './partner-rest.test.js';
import './product-page.test.js';
import './shoplazza-order.test.js';
import './trace-of-an-order.test.js';
import './two-tenants.test.js';

/** What starts or ends a house, gives it other settings, or changes its code, needs one of its own. */
const OF_THEIR_OWN = ['apart.test.ts', 'start.test.ts', 'shipping-loop.test.ts', 'assistant.test.ts', 'contributing/contributing.test.ts', 'parcel.test.ts', 'partner-files.test.ts', 'partner-webhook.test.ts', 'first-sync.test.ts'];

afterAll(() => apart.end());

describe('the journeys of a house that runs apart', () => {
  it('are all those that a standalone one passes, but how it starts', () => {
    const here = new URL('.', import.meta.url);
    const all = readdirSync(here, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.test.ts') && !OF_THEIR_OWN.includes(file));
    const imported = [...readFileSync(new URL('apart.test.ts', here), 'utf8').matchAll(/^import '\.\/(.*)\.js';$/gm)].map(([, file]) => `${file}.ts`);
    expect(imported.sort()).toEqual(all.sort());
  });

  it('run on Redis where there is one, and say so', async () => {
    const said = readFileSync(apart.logFile, 'utf8').split('\n').find((line) => line.includes('jobs and live hints:')) ?? '';
    process.stdout.write(`apart: ${said.replace(/^.*?jobs/, 'jobs')}\n`);
    expect(said).toMatch(process.env.REQUIRE_REDIS === '1' ? /-server of our own|REDIS_URL/ : /-server|REDIS_URL|PostgreSQL/);
    expect((await apart.parts()).length).toBe(9);
  });
});
