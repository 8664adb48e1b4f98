import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../harness/eventually.js';
import { freshProduct, remove, type Product } from '../harness/product.js';
import { paidOrder, storyDone } from './channel-order-to-ledger/story.js';

let product: Product;
beforeAll(async () => { product = await (await freshProduct()).start({ METRICS_PORT: '0' }); }, 180_000);
afterAll(async () => {
  await product.stop();
  await remove(product);
});

const texts = async (): Promise<string[]> => Promise.all((await product.metricsUrls()).map(async (url) => (await fetch(url)).text()));

/** All samples of all processes by their name with labels, as Prometheus reads them; those that several tell are summed. */
async function scrape(): Promise<Map<string, number>> {
  const samples = new Map<string, number>();
  for (const line of (await texts()).join('\n').split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const end = line.lastIndexOf(' ');
    samples.set(line.slice(0, end), (samples.get(line.slice(0, end)) ?? 0) + Number(line.slice(end + 1)));
  }
  return samples;
}
const grown = async (from: Map<string, number>, sample: string): Promise<number> => ((await scrape()).get(sample) ?? 0) - (from.get(sample) ?? 0);

/** One queue for all in one process, one a subgraph apart. */
const jobsOf = (samples: Map<string, number>, state: string): number =>
  [...samples].filter(([name]) => name.startsWith('quanyu_jobs{') && name.includes(`state="${state}"`)).reduce((sum, [, value]) => sum + value, 0);

describe('the metrics of a house', () => {
  it('move with an order, step by step, by the right number', async () => {
    const before = await scrape();
    const { body } = paidOrder();
    expect((await product.webhook(body)).status).toBe(200);
    await storyDone(product, body);
    await eventually(async () => {
      for (const [sample, by] of [
        ['quanyu_http_seconds_count{route="/webhooks/:slug/:id",status="200"}', 1],
        ['quanyu_command_seconds_count{subgraph="bridge",command="store-delivery",outcome="ok"}', 1],
        ['quanyu_jobs_enqueued_total{job="bridge.process-delivery"}', 1],
        ['quanyu_job_run_seconds_count{job="bridge.process-delivery",outcome="ok"}', 1],
        ['quanyu_job_wait_seconds_count{job="bridge.process-delivery"}', 1],
        ['quanyu_events_recorded_total{event="bridge.order-received.v1"}', 1],
        ['quanyu_events_recorded_total{event="orders.order-placed.v1"}', 1],
        ['quanyu_events_taken_in_total{consumer="inventory",event="orders.order-placed.v1"}', 1],
        ['quanyu_events_taken_in_total{consumer="orders",event="inventory.stock-reserved.v1"}', 1],
        ['quanyu_events_taken_in_total{consumer="members",event="orders.order-confirmed.v1"}', 1],
        ['quanyu_events_taken_in_total{consumer="finance",event="members.points-earned.v1"}', 1],
      ] as const) expect([sample, await grown(before, sample)]).toEqual([sample, by]);
    });
    const after = await scrape();
    expect(after.get('quanyu_event_delivery_seconds_count{consumer="finance"}')).toBeGreaterThanOrEqual(2);
    expect(after.get('quanyu_event_delivery_seconds_sum{consumer="finance"}')).toBeLessThan(30);
  }, 60_000);

  it('tell what is there right now: queue, pools, lag, put-aside events, live connections, the process', async () => {
    const others = (await scrape()).get('quanyu_live_connections{kind="websocket"}') ?? 0;
    const live = await product.live();
    await live.follow('stock', 'subscription { stockLevelChanged { available } }');
    await eventually(async () => {
      const now = await scrape();
      expect(Object.fromEntries(['waiting', 'active', 'failed'].map((state) => [state, jobsOf(now, state)]))).toEqual({ waiting: 0, active: 0, failed: 0 });
      expect(jobsOf(now, 'delayed')).toBeGreaterThanOrEqual(1);
      expect(now.get('quanyu_event_lag_seconds{subgraph="orders",consumer="finance"}')).toBe(0);
      expect(now.get('quanyu_events_parked{consumer="orders",state="PARKED"}')).toBe(0);
      expect(now.get('quanyu_pool_connections{subgraph="orders",pool="app",state="idle"}')).toEqual(expect.any(Number));
      expect(now.get('quanyu_pool_waiting{subgraph="orders",pool="system"}')).toBe(0);
      expect(now.get('quanyu_live_connections{kind="websocket"}')).toBe(others + 1);
      expect(now.get('process_resident_memory_bytes')).toBeGreaterThan(10_000_000);
      expect(now.get('quanyu_metric_reads_failed_total')).toBe(0);
    });
    live.close();
    await eventually(async () => expect((await scrape()).get('quanyu_live_connections{kind="websocket"}')).toBe(others));
  });

  it('tell the operations of our own clients apart, and count those of strangers together', async () => {
    const before = await scrape();
    await product.get('query WhoAmI { viewer { name } }');
    for (const name of ['Stranger', 'li_13812345678', 'x'.repeat(200)]) await product.get(`query ${name} { viewer { name } }`);
    await product.get('{ viewer { name } }');
    const sample = (operation: string): string => `quanyu_graphql_seconds_count{operation="${operation}",kind="query",outcome="ok"}`;
    expect(await Promise.all(['WhoAmI', 'other', 'unnamed'].map((operation) => grown(before, sample(operation))))).toEqual([1, 3, 1]);
    expect(await grown(before, 'quanyu_subgraph_fetch_seconds_count{subgraph="access",outcome="ok"}')).toBe(5);
    expect([...(await scrape()).keys()].join('\n')).not.toMatch(/Stranger|13812345678|xxxx/);
  });

  it('count what is refused, under paths as the code writes them', async () => {
    const before = await scrape();
    const { body } = paidOrder();
    await product.webhook(body, { badSignature: true });
    await fetch(`${product.url}/somewhere/li@example.com`);
    expect(await grown(before, 'quanyu_http_seconds_count{route="/webhooks/:slug/:id",status="401"}')).toBe(1);
    expect(await grown(before, 'quanyu_http_seconds_count{route="other",status="404"}')).toBe(1);
  });

  it('are told on a port of their own on this machine, never by the gateway', async () => {
    expect(new URL(product.metricsUrl).hostname).toBe('127.0.0.1');
    expect(new URL(product.metricsUrl).port).not.toBe(new URL(product.url).port);
    expect((await fetch(`${product.url}/metrics`)).status).toBe(404);
    const text = (await texts()).join('\n');
    expect(text).not.toMatch(/ten_|ord_|con_|dlv_|@/);
  });

  it('each stand in docs/observe.md, which names no other', async () => {
    const told = new Set([...(await texts()).join('\n').matchAll(/^# TYPE (quanyu_\w+)/gm)].map(([, name]) => name));
    const written = new Set([...(await readFile(new URL('../../docs/observe.md', import.meta.url), 'utf8')).matchAll(/^\| `(quanyu_\w+)/gm)].map(([, name]) => name));
    expect([...written].sort()).toEqual([...told].sort());
  });
});
