import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Json } from '../harness/credentials.js';
import { freshProduct, Product, remove } from '../harness/product.js';
import { checkBooks, paidOrder, readOrder, storyDone } from '../journeys/channel-order-to-ledger/story.js';
import { startIssuer, type Issuer } from './issuer.js';

const exec = promisify(execFile);
const MAKE_TENANT = join(import.meta.dirname, '../../packages/standalone/dist/make-tenant/main.js');

let product: Product;
let issuer: Issuer;
beforeAll(async () => { [product, issuer] = [await freshProduct(), await startIssuer()]; }, 180_000);
afterAll(async () => {
  issuer.close();
  await product.stop();
  await remove(product);
});

const secrets = (): Record<string, string> => JSON.parse(readFileSync(join(product.dataDir, 'secrets.json'), 'utf8')) as Record<string, string>;

describe('docs/operate.md', () => {
  const told = paidOrder();
  let before: Json;

  it('makes a merchant whose owner signs in with the issuer of the house', async () => {
    const run = () => exec(process.execPath, [MAKE_TENANT, '--data', product.dataDir, '--name', 'Real studio', '--issuer', issuer.settings.OIDC_ISSUER, '--subject', 'owner-1', '--owner', '张三'], { env: { PATH: process.env.PATH ?? '' } });
    const { stdout } = await run();
    expect(stdout).toMatch(/^Tenant ten_\w{26}\nOwner {2}stf_\w{26}\n$/m);
    expect((await run()).stdout).toBe(stdout);

    await product.start({ ...issuer.settings, NODE_ENV: 'production' });
    const who = readFileSync(new URL('../../schema/operations/01-who-am-i.graphql', import.meta.url), 'utf8');
    expect(await product.get(who, {}, { token: issuer.tokenFor('owner-1') })).toMatchObject({ viewer: { kind: 'STAFF', name: '张三', tenant: { name: 'Real studio' } } });
    expect((await product.ask(who, {}, { token: issuer.tokenFor('nobody') })).errors).toBeDefined();
    // Nobody may make up questions there, not even the owner.
    expect(await product.ask('{ viewer { name } }', {}, { token: issuer.tokenFor('owner-1') })).toMatchObject({ status: 403, errors: [{ extensions: { code: 'DOCUMENT_NOT_TRUSTED' } }] });
    await product.stop();
  }, 180_000);

  it('says what the merchant lacks, in a sentence', async () => {
    await expect(exec(process.execPath, [MAKE_TENANT, '--data', product.dataDir, '--name', 'X'], { env: { PATH: process.env.PATH ?? '' } })).rejects.toMatchObject({ code: 1, stderr: expect.stringMatching(/^--name .* are needed/) });
  });

  it('restores by starting from a copy: goods, orders, books, and people by name', async () => {
    await product.start();
    await product.webhook(told.body);
    before = await storyDone(product, told.body);
    await product.stop();

    const copy = join(dirname(product.dataDir), 'backup');
    await exec('cp', ['-a', product.dataDir, copy]);
    const restored = new Product(copy);
    await restored.start();
    expect(await readOrder(restored, told.body)).toEqual(before);
    expect(before.member.maskedName).toMatch(/\*/);
    await checkBooks(restored);
    await restored.stop();
  }, 240_000);

  it('changes the sealing key: new data by the new one, and old data still opens', async () => {
    const { sealKeys, indexKey } = secrets();
    const keys = { PII_SEAL_KEYS: `k2:${randomBytes(32).toString('base64')},${sealKeys}`, PII_INDEX_KEY: indexKey! };
    await product.start(keys);
    const again = paidOrder();
    await product.webhook(again.body);
    await storyDone(product, again.body);
    const kidOf = async (number: string): Promise<string> => (await product.sql<{ kid: string }>("select split_part(sealed_ship_to, '.', 2) as kid from orders.sales_order where order_number = $1", [number]))[0]!.kid;
    expect([await kidOf(told.body.name), await kidOf(again.body.name)]).toEqual(['k1', 'k2']);
    expect((await readOrder(product, told.body)).shipTo).toEqual(before.shipTo);
    await product.stop();
  }, 180_000);
});
