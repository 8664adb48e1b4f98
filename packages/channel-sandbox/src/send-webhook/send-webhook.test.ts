import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createHmac } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sendWebhook } from './send-webhook.js';

const SECRET = 'FAKE_SECRET_quanyu';
const repository = fileURLToPath(new URL('../../../..', import.meta.url));

let folder: string;
let server: Server;
let url: string;
let received: { headers: IncomingHttpHeaders; body: string }[];
let printed: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'send-webhook-'));
  received = [];
  printed = [];
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
      const raw = Buffer.concat(chunks);
      received.push({ headers: request.headers, body: raw.toString() });
      const good = createHmac('sha256', SECRET).update(raw).digest('base64') === request.headers['x-shopify-hmac-sha256'];
      response.writeHead(good ? 200 : 401).end(good ? '' : '{"code":"SIGNATURE_INVALID"}');
    });
  });
  await new Promise<void>((done) => { server.listen(0, '127.0.0.1', done); });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/shopify/con_1`;
  await writeFile(join(folder, 'demo.json'), JSON.stringify({ webhookUrl: url, webhookSecret: SECRET, shopDomain: 'quanyu-fake.myshopify.com' }));
});

afterEach(async () => {
  await new Promise((done) => { server.close(done); });
  await rm(folder, { recursive: true });
});

const send = (...argv: string[]): Promise<number> => sendWebhook([...argv, '--data', folder], { folder, repository, print: (line) => printed.push(line) });
const write = (name: string, text: string): Promise<void> => writeFile(join(folder, name), text);

describe('send-webhook', () => {
  it('signs a fixture and says what came back', async () => {
    expect(await send('orders-create-paid-cny')).toBe(0);
    expect(received[0]?.headers).toMatchObject({ 'x-shopify-topic': 'orders/create', 'x-shopify-shop-domain': 'quanyu-fake.myshopify.com', 'x-shopify-api-version': '2025-01', 'content-type': 'application/json' });
    expect(printed.join('\n')).toMatch(/^Topic orders\/create .*\n200 in \d+\.\d ms\nTaken\. Look for order #1001, /);
  });

  it('sends the bytes of the file as they are', async () => {
    await write('odd.json', ' { "id" : 820982911946154508 }\n');
    expect(await send('odd.json')).toBe(0);
    expect(received[0]?.body).toBe(' { "id" : 820982911946154508 }\n');
  });

  it('unwraps what the API answers, and says so', async () => {
    await write('answer.json', '{"order": {"id":820982911946154508,"name":"#7"}, "notice": "x"}');
    await write('list.json', '{"orders":[{"id":1},{"id":2,"cancelled_at":"2026-11-20T00:00:00Z"}]}');
    expect([await send('answer.json'), await send('list.json')]).toEqual([0, 0]);
    expect(received.map(({ body, headers }) => [headers['x-shopify-topic'], body])).toEqual([
      ['orders/create', '{"id":820982911946154508,"name":"#7"}'], ['orders/create', '{"id":1}'], ['orders/cancelled', '{"id":2,"cancelled_at":"2026-11-20T00:00:00Z"}'],
    ]);
    expect(printed[0]).toContain('{"order": {…}}');
  });

  it.each([
    ['orders-paid', 'orders/paid'], ['orders-updated', 'orders/updated'], ['orders-updated-voided', 'orders/updated'],
    ['orders-cancelled', 'orders/cancelled'], ['orders-create-pending', 'orders/create'],
  ])('sends %s as %s', async (name, topic) => {
    await send(name);
    expect(received[0]?.headers['x-shopify-topic']).toBe(topic);
  });

  it('sends the topic asked for, and what is no JSON', async () => {
    await write('broken.json', '{"id": ');
    expect(await send('broken.json', '--topic', 'orders/paid')).toBe(0);
    expect(received[0]).toMatchObject({ body: '{"id": ', headers: { 'x-shopify-topic': 'orders/paid' } });
    expect(printed[0]).toBe('The file is no JSON; it is sent as it is.');
  });

  it('repeats one delivery, or makes several of one body', async () => {
    const ids = (): number => new Set(received.map(({ headers }) => headers['x-shopify-webhook-id'])).size;
    await send('orders-paid', '--times', '3');
    expect([received.length, ids()]).toEqual([3, 1]);
    received = [];
    await send('orders-paid', '--times', '15', '--at-once', '--new-ids');
    expect([received.length, ids()]).toEqual([15, 15]);
    expect(printed.at(-2)).toMatch(/^15 answers \(15 x 200\), p50 /);
  });

  it('takes the refusal of a bad signature for the right answer', async () => {
    expect(await send('orders-paid', '--bad-signature')).toBe(0);
    expect(printed.slice(-2)).toEqual([expect.stringMatching(/^401 in .*SIGNATURE_INVALID/), 'Refused, as it should be: nothing was stored but a count.']);
    expect(await send('orders-paid', '--secret', 'another')).toBe(1);
  });

  it.each([
    ['no file', [], /^Which file\?/],
    ['a file that is not there', ['nothing.json'], /^There is no file .*nothing\.json/],
    ['a folder', ['.'], /is a folder/],
    ['an unknown option', ['orders-paid', '--loud'], /--loud/],
    ['a bad number', ['orders-paid', '--times', 'many'], /^--times is a whole number/],
    ['a bad topic', ['orders-paid', '--topic', 'paid'], /^A topic looks like/],
    ['nobody there', ['orders-paid', '--url', 'http://127.0.0.1:9/'], /^Nobody answers at .*npm start/],
  ])('answers %s with a sentence', async (_what, argv, sentence) => {
    expect(await send(...argv)).toBe(1);
    expect(printed.at(-1)).toMatch(sentence);
  });

  it('says that the demo is not running', async () => {
    await rm(join(folder, 'demo.json'));
    expect(await send('orders-paid')).toBe(1);
    expect(printed[0]).toMatch(/^There is no demo here .*`npm start`/);
    expect(await send('orders-paid', '--url', url, '--secret', SECRET)).toBe(0);
  });

  it('tells how it is used', async () => {
    expect(await send('--help')).toBe(0);
    expect(printed[0]).toContain('--bad-signature');
  });
});
