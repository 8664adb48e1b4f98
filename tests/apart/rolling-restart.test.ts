import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { signShopifyWebhook } from '@quanyu/channel-sandbox';
import { Balancer } from '../harness/balancer.js';
import type { Json } from '../harness/credentials.js';
import { eventually } from '../harness/eventually.js';
import { freshProduct, remove, type Product } from '../harness/product.js';
import { checkBooks, paidOrder, storyDone } from '../journeys/channel-order-to-ledger/story.js';

const GRACE_MS = 1_500;
/** What a process may take from SIGTERM to its end: it ends itself after 17 s at the latest. */
const LONGEST_STOP_MS = 20_000;

let house: Product;
let balancer: Balancer;
beforeAll(async () => {
  house = await (await freshProduct('apart')).start({ LOG_LEVEL: 'info', DRAIN_GRACE_MS: String(GRACE_MS) }, ['--instances', '2', '--split', 'orders']);
  balancer = new Balancer((await house.parts()).filter(({ label }) => label.startsWith('gateway')).map(({ port }) => `http://127.0.0.1:${port}`));
}, 400_000);
afterAll(async () => {
  await balancer.close();
  await house.stop();
  await remove(house);
});

/** Several clients that write without a pause, each mutation once, and remember what they were answered. */
class Load {
  readonly failures: string[] = [];
  count = 0;
  #over = false;
  #clients: Promise<void>[] = [];

  constructor(private readonly skuIds: readonly string[]) {}

  start(clients: number): void {
    this.#clients = Array.from({ length: clients }, (_, n) => this.#client(n));
  }

  async stop(): Promise<void> {
    this.#over = true;
    await Promise.all(this.#clients);
  }

  async #client(n: number): Promise<void> {
    for (let turn = n; !this.#over; turn += 1) {
      const [what, mutation] = this.#mutations(turn);
      await this.#send(what, mutation);
      await sleep(50);
    }
  }

  #mutations(turn: number): [string, { query: string; variables: object }] {
    const idempotencyKey = randomUUID();
    const all: (() => [string, { query: string; variables: object }])[] = [
      () => ['setStockOnHand', { query: 'mutation($input: SetStockOnHandInput!) { setStockOnHand(input: $input) { stockLevel { id } userErrors { code } } }', variables: { input: { skuId: this.skuIds[turn % this.skuIds.length], onHand: 100_000 + turn, idempotencyKey } } }],
      () => ['createTicket', { query: 'mutation($input: CreateTicketInput!) { createTicket(input: $input) { ticket { id } userErrors { code } } }', variables: { input: { kind: 'QUESTION', subject: `Turn ${turn}`, idempotencyKey } } }],
      () => ['createProduct', { query: 'mutation($input: CreateProductInput!) { createProduct(input: $input) { product { id } userErrors { code } } }', variables: { input: { title: `Turn ${turn}`, kind: 'PHYSICAL', idempotencyKey } } }],
    ];
    return all[turn % all.length]!();
  }

  async #send(what: string, operation: { query: string; variables: object }): Promise<void> {
    this.count += 1;
    const since = performance.now();
    try {
      const { status, text } = await balancer.post('/graphql', JSON.stringify(operation), { 'content-type': 'application/json', authorization: `Bearer ${house.staffToken}` });
      const { data, errors } = JSON.parse(text) as Json;
      if (status !== 200 || errors !== undefined || data[what].userErrors.length > 0) this.failures.push(`${what} ${status} ${JSON.stringify(errors ?? data)}`);
    } catch (error) {
      this.failures.push(`${what} ${String(error)} ${(error as { code?: string }).code} after ${Math.round(performance.now() - since)} ms`);
    }
  }
}

/** Posts an order's webhook once, through the balancer. */
async function webhook(order: Json): Promise<number> {
  const { webhookUrl, webhookSecret, shopDomain } = house.demo;
  const body = JSON.stringify(order);
  const signed = signShopifyWebhook(body, webhookSecret, { topic: 'orders/create', shopDomain, webhookId: randomUUID(), eventId: randomUUID(), triggeredAt: new Date().toISOString() });
  return (await balancer.post(new URL(webhookUrl).pathname, body, { 'content-type': 'application/json', ...signed })).status;
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** What a process has logged last, for whoever has to find out why it has not ended. */
async function lastWords(label: string): Promise<string> {
  const lines = (await readFile(house.logFile, 'utf8')).split('\n');
  return lines.filter((line) => line.slice(0, line.indexOf('|')).trim() === label).slice(-8).join('\n');
}

/** Ends processes as an orchestrator does, and waits until each is there again. */
async function restart(labels: readonly string[]): Promise<void> {
  const old = await Promise.all(labels.map((label) => house.part(label)));
  const since = performance.now();
  for (const { pid } of old) process.kill(pid, 'SIGTERM');
  const left = (): string[] => old.filter(({ pid }) => isThere(pid)).map(({ label }) => label);
  while (left().length > 0 && performance.now() - since < LONGEST_STOP_MS) await sleep(25);
  const late = left();
  expect(await Promise.all(late.map(async (label) => [label, await lastWords(label)]))).toEqual([]);
  await eventually(async () => {
    for (const { label, pid } of old) {
      const now = await house.part(label);
      expect(now.pid).not.toBe(pid);
      expect((await fetch(`http://127.0.0.1:${now.port}/readyz`)).status).toBe(200);
    }
  }, 240_000);
}

const ROUNDS = [['gateway'], ['access', 'catalog'], ['inventory', 'members'], ['orders'], ['tickets', 'finance', 'bridge']];
const labelsOf = (kinds: readonly string[], number: number): string[] =>
  kinds.flatMap((kind) => (kind === 'orders' ? [`orders-${number} serve`, `orders-${number} work`] : [`${kind}-${number}`]));

describe('a rolling restart under load, two of each kind', () => {
  it('fails no mutation and loses no webhook; live clients are told to come back, and orders go on', async () => {
    // Enough of what the orders ask for, however long a slow machine takes.
    const { skus: asked } = await house.get('{ skus(codes: ["QY-TEE-BLK-M", "QY-MUG-WHT"]) { id } }');
    for (const { id: skuId } of asked) {
      await house.get('mutation($input: SetStockOnHandInput!) { setStockOnHand(input: $input) { userErrors { code } } }', { input: { skuId, onHand: 100_000, idempotencyKey: randomUUID() } });
    }
    const { skus } = await house.get('{ skus(codes: ["QY-TEA-250", "QY-LAST-ONE"]) { id } }');
    const live = await house.live();
    await live.follow('orders', 'subscription { ordersChanged { orderNumber status } }');
    const load = new Load(skus.map(({ id }: Json) => id));
    load.start(3);
    const orders: Json[] = [];
    const unanswered: string[] = [];
    let over = false;
    const platform = (async () => {
      while (!over) {
        const { body } = paidOrder();
        orders.push(body);
        const status = await webhook(body).catch((error: unknown) => `${String(error)} ${(error as { code?: string }).code}`);
        if (status !== 200) unanswered.push(String(status));
        await sleep(700);
      }
    })();

    for (const kinds of ROUNDS) for (const number of [1, 2]) await restart(labelsOf(kinds, number));
    over = true;
    await platform;
    await load.stop();

    expect(load.failures).toEqual([]);
    expect(unanswered).toEqual([]);
    expect(load.count).toBeGreaterThan(200);
    expect(live.closed).toEqual(1001);
    for (const body of orders) await storyDone(house, body, 120_000);
    await checkBooks(house);
    process.stdout.write(`rolling restart: ${load.count} mutations, ${orders.length} orders\n`);
  }, 1_800_000);
});
