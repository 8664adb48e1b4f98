import { mkdtemp, rm, writeFile, mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { KeyringError, Vault } from '@quanyu/pii';
import pg from 'pg';
import { explain } from './explain.js';
import { SetupError } from './setup-error.js';

let folder: string;
beforeAll(async () => { folder = await mkdtemp(join(tmpdir(), 'quanyu-explain-')); });
afterAll(() => rm(folder, { recursive: true }));

const thrownBy = async (work: () => unknown): Promise<unknown> => {
  try {
    await work();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
};

describe('a fault that a person can mend is told in a sentence', () => {
  it('of ours', () => {
    expect(explain(new SetupError('Do this.'))).toBe('Do this.');
  });

  it('of a port that is taken, and of an address that is elsewhere', async () => {
    const listen = (port: number, host: string) => new Promise<import('node:net').Server>((resolve, reject) => { const server = createServer(); server.once('error', reject).listen(port, host, () => resolve(server)); });
    const taken = await listen(0, '127.0.0.1');
    const { port } = taken.address() as { port: number };
    expect(explain(await thrownBy(() => listen(port, '127.0.0.1')))).toMatch(new RegExp(`^Port ${port} of 127.0.0.1 is taken: .*--port N`));
    expect(explain(await thrownBy(() => listen(0, '203.0.113.7')))).toMatch(/is no address of this machine/);
    taken.close();
  });

  it('of a data folder that cannot be', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    expect(explain(await thrownBy(() => mkdir(join(file, 'below'), { recursive: true })))).toMatch(/below cannot be written: a part of the path is a file. Name another folder with --data DIR/);
    expect(explain(await thrownBy(() => writeFile(folder, '')))).toMatch(/there is a folder in its place/);
  });

  it('of keys that are none, without the keys', async () => {
    const told = explain(await thrownBy(() => Vault.from({ sealKeys: 'k1:c2VjcmV0', indexKey: '' })));
    expect(told).toMatch(/PII_SEAL_KEYS/);
    expect(told).not.toMatch(/c2VjcmV0/);
    expect(await thrownBy(() => Vault.from({ sealKeys: 'k1:c2VjcmV0', indexKey: '' }))).toBeInstanceOf(KeyringError);
  });

  it('of a database that does not answer', async () => {
    expect(explain(await thrownBy(() => new pg.Client({ connectionString: 'postgres://u@127.0.0.1:1/x' }).connect()))).toMatch(/DATABASE_ADMIN_URL cannot be reached \(ECONNREFUSED\)/);
  });
});

it('a fault of ours keeps its stack', () => {
  expect(explain(new TypeError('x is not a function'))).toBeNull();
  expect(explain(Object.assign(new Error('broken'), { code: '23505' }))).toBeNull();
});
