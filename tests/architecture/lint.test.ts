import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';

interface Lint {
  restrictions: string[];
  seeds: { name: string; path: string; broken: string[] }[];
}

const LAWFUL = 'lawful';
const names = readdirSync(join(import.meta.dirname, 'seeded/lint')).filter((name) => name !== LAWFUL);
let lint: Lint;

beforeAll(async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [join(import.meta.dirname, 'lint.mjs')]);
  lint = JSON.parse(stdout) as Lint;
}, 60_000);

describe('the law inside a file', () => {
  it('has one seeded violation per restriction', () => {
    expect([...names].sort()).toEqual([...lint.restrictions].sort());
  });

  it.each(names)('%s names its seeded violation, and nothing else does', (name) => {
    const seeds = lint.seeds.filter((seed) => seed.name === name);
    expect(seeds.map(({ broken }) => broken)).toEqual([[name]]);
  });

  it('leaves lawful files alone', () => {
    const lawful = lint.seeds.filter(({ name }) => name === LAWFUL);
    expect(lawful.length).toBeGreaterThan(0);
    expect(lawful.filter(({ broken }) => broken.length > 0)).toEqual([]);
  });
});
