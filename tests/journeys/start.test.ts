import { existsSync } from 'node:fs';
import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freshProduct, remove, type Product } from '../harness/product.js';

let product: Product;
beforeAll(async () => { product = await freshProduct(); }, 180_000);
afterAll(async () => {
  await product.stop();
  await remove(product);
});

const secretsFile = () => join(product.dataDir, 'secrets.json');
const postmaster = () => join(product.dataDir, 'postgres', 'cluster', 'postmaster.pid');
/** Starts it and answers why it would not. */
async function refusal(env: Record<string, string> = {}, args: readonly string[] = []): Promise<string> {
  await writeFile(product.logFile, '');
  await expect(product.start(env, args)).rejects.toThrow(/ended before it was ready/);
  return readFile(product.logFile, 'utf8');
}

describe('npm start', () => {
  it('keeps data and credentials from one start to the next, and ends cleanly on Ctrl-C, PostgreSQL too', async () => {
    await product.start();
    const first = [product.staffToken, product.partnerKey, product.demo.webhookSecret, new URL(product.demo.webhookUrl).pathname];
    expect((await product.get('{ viewer { tenant { name } } }')).viewer.tenant.name).toBe('Demo studio');
    await product.get('mutation { createProduct(input: { title: "Kept", kind: PHYSICAL, idempotencyKey: "kept" }) { userErrors { code } } }');
    await product.stop();
    expect(await product.exited).toBe(0);
    expect(existsSync(postmaster())).toBe(false);

    await product.start();
    expect([product.staffToken, product.partnerKey, product.demo.webhookSecret, new URL(product.demo.webhookUrl).pathname]).toEqual(first);
    const { products } = await product.get('{ products(first: 250) { totalCount nodes { title } } }');
    expect(products.nodes.map((node: { title: string }) => node.title)).toContain('Kept');
    expect(products.totalCount).toBe(5);
    await product.stop();
  });

  it('keeps its secrets from others', async () => {
    for (const file of [secretsFile(), join(product.dataDir, 'demo.json')]) expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('takes over the PostgreSQL that a kill left behind, with its data', async () => {
    await product.start();
    await product.kill();
    expect(existsSync(postmaster())).toBe(true);
    await product.start();
    expect((await product.get('{ products(first: 1) { totalCount } }')).products.totalCount).toBe(5);
    await product.stop();
  });

  it('stops with a sentence when a key that sealed data is missing, and starts when it is back', async () => {
    const kept = await readFile(secretsFile(), 'utf8');
    const { indexKey: _, ...without } = JSON.parse(kept) as Record<string, string>;
    await writeFile(secretsFile(), JSON.stringify(without));
    expect(await refusal()).toMatch(/lacks indexKey/);
    await writeFile(secretsFile(), kept);
    await chmod(secretsFile(), 0o600);
    await product.start();
    await product.stop();
  });

  it('stops with a sentence when its keys are not those of its data, and keeps none that come from the environment', async () => {
    const key = (letter: string): string => Buffer.alloc(32, letter).toString('base64');
    expect(await refusal({ PII_SEAL_KEYS: `k9:${key('a')}`, PII_INDEX_KEY: key('b') })).toMatch(/PII_SEAL_KEYS is not what the data of this folder was kept with/);
    const { sealKeys } = JSON.parse(await readFile(secretsFile(), 'utf8')) as { sealKeys: string };
    expect(await refusal({ PII_SEAL_KEYS: sealKeys, PII_INDEX_KEY: key('b') })).toMatch(/PII_INDEX_KEY is not what/);
    expect(await readFile(secretsFile(), 'utf8')).not.toContain(key('b'));
  });

  it('makes a new token where the one it kept is damaged', async () => {
    const kept = JSON.parse(await readFile(secretsFile(), 'utf8')) as object;
    await writeFile(secretsFile(), JSON.stringify({ ...kept, staffToken: 'damaged' }));
    await product.start();
    expect((await product.get('{ viewer { tenant { name } } }')).viewer.tenant.name).toBe('Demo studio');
    expect((await stat(secretsFile())).mode & 0o777).toBe(0o600);
    // A second one on the port of the first says so in a sentence, and leaves the first alone.
    const second = await freshProduct();
    await expect(second.start({}, ['--port', new URL(product.url).port])).rejects.toThrow(/ended before it was ready/);
    expect(await readFile(second.logFile, 'utf8')).toMatch(/Port \d+ of 127.0.0.1 is taken: .*--port N/);
    await second.stop();
    await remove(second);
    expect((await product.ask('{ viewer { id } }')).status).toBe(200);
    await product.stop();
  });

  it('has no development issuer in production or where an issuer is configured', async () => {
    expect(await refusal({ NODE_ENV: 'production' })).toMatch(/OIDC_ISSUER/);
    const { staffToken } = product;
    await product.start({ OIDC_ISSUER: 'https://issuer.example', OIDC_AUDIENCE: 'quanyu', OIDC_JWKS_URL: 'https://issuer.example/jwks' });
    expect(product.staffToken).toBe('');
    expect((await product.ask('{ viewer { id } }', {}, { token: staffToken })).status).toBe(401);
    await product.stop();
  });

  it('says what is wrong with its settings, one sentence a fault', async () => {
    expect(await refusal({ LOG_LEVEL: 'loud' })).toMatch(/LOG_LEVEL/);
    expect(await refusal({ PII_SEAL_KEYS: 'k1:abc' })).toMatch(/belong together/);
    expect(await refusal({}, ['--prot', '1'])).toMatch(/Known: --no-demo, --data DIR, --port N/);
    expect(await refusal({}, ['--port', ''])).toMatch(/--port needs a value/);
    expect(await refusal({}, ['--port', '70000'])).toMatch(/PORT: a port is a number from 0 to 65535/);
    expect(await refusal({}, ['--data', '/dev/null/below'])).toMatch(/\/dev\/null\/below cannot be written: a part of the path is a file/);
  });
});
