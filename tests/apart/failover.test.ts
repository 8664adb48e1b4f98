import { execFile } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startPostgres, type EmbeddedPostgres } from '@quanyu/database';
import pg from 'pg';
import type { Json } from '../harness/credentials.js';
import { eventually } from '../harness/eventually.js';
import { freshProduct, remove, type Product } from '../harness/product.js';
import { checkBooks, paidOrder, storyDone } from '../journeys/channel-order-to-ledger/story.js';

const exec = promisify(execFile);

/** The address that a pair of servers is reached by, as a provider or a balancer has it: always the one that writes. */
class Address {
  readonly #open = new Set<Socket>();
  readonly #server = createServer((client) => {
    const server = connect(this.target, '127.0.0.1');
    for (const [one, other] of [[client, server], [server, client]] as const) {
      this.#open.add(one);
      one.on('error', () => other.destroy()).on('close', () => { this.#open.delete(one); other.destroy(); });
      one.pipe(other);
    }
  });

  constructor(public target: number) {}

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => { this.#server.listen(0, '127.0.0.1', resolve); });
    return (this.#server.address() as AddressInfo).port;
  }

  pointAt(port: number): void {
    this.target = port;
    for (const socket of this.#open) socket.destroy();
  }

  close(): void {
    this.pointAt(0);
    this.#server.close();
  }
}

let house: Product;
let primary: EmbeddedPostgres;
let replica: EmbeddedPostgres;
let address: Address;
beforeAll(async () => {
  house = await freshProduct('apart');
  const [first, second] = [join(house.dataDir, 'postgres'), join(house.dataDir, 'replica')];
  await exec('cp', ['-a', first, second]);
  // Nothing is answered before the replica has it too.
  primary = await startPostgres({ dataDir: first, settings: { max_connections: 300, synchronous_standby_names: '*' } });
  await writeFile(join(second, 'cluster', 'standby.signal'), '');
  const password = (await readFile(join(first, 'password'), 'utf8')).trim();
  replica = await startPostgres({ dataDir: second, settings: { max_connections: 300, primary_conninfo: `host=127.0.0.1 port=${primary.port} user=postgres password=${password}` } });
  address = new Address(primary.port);
  const port = await address.listen();
  await writeFile(join(first, 'port'), String(port));
  house = await house.start({ DATABASE_ADMIN_URL: `postgres://postgres:${password}@127.0.0.1:${port}/postgres` });
}, 300_000);
afterAll(async () => {
  await house.stop();
  await replica.stop();
  address.close();
  await remove(house);
});

describe('a PostgreSQL whose machine is gone', () => {
  it('is followed by its replica: nothing that was answered is lost, and orders go on', async () => {
    const answered: Json[] = [];
    let over = false;
    const shop = (async () => {
      while (!over) {
        const { body } = paidOrder();
        // As a platform does: again, under the same id, until it is answered.
        await eventually(async () => expect((await house.webhook(body, { webhookId: `failover-${body.id}` })).status).toBe(200), 90_000);
        answered.push(body);
        await sleep(100);
      }
    })();
    await eventually(() => expect(answered.length).toBeGreaterThan(8));

    const ended = primary.stop();
    process.kill(primary.pid, 'SIGKILL');
    await ended;
    await rm(join(house.dataDir, 'postgres', 'cluster'), { recursive: true });
    const before = answered.length;
    const admin = new pg.Client({ connectionString: replica.adminUrl });
    await admin.connect();
    await admin.query('select pg_promote()').finally(() => admin.end());
    address.pointAt(replica.port);

    await eventually(() => expect(answered.length).toBeGreaterThan(before + 8), 90_000);
    over = true;
    await shop;
    for (const body of answered) await storyDone(house, body, 90_000);
    await checkBooks(house);
  }, 300_000);
});
