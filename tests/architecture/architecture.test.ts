import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { plant } from './plant.js';

interface Cruise {
  rules: string[];
  results: {
    violations: { rule: string; from: string; to: string }[];
    imports: { from: string; name: string; to: string; types: string[] }[];
  }[];
}

const root = join(import.meta.dirname, '../..');
const seeded = join(import.meta.dirname, 'seeded');
const LAWFUL = 'lawful';
const LINT = 'lint';
const seeds = readdirSync(seeded).filter((name) => name !== LAWFUL && name !== LINT);

// A real path: the cruiser compares paths as text, and a temporary folder may be a link.
const nursery = realpathSync(mkdtempSync(join(tmpdir(), 'quanyu-seeds-')));
let cruise: Cruise;

beforeAll(async () => {
  const trees = [LAWFUL, ...seeds].map((name) => {
    plant(join(seeded, name), join(nursery, name));
    return join(nursery, name);
  });
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join(import.meta.dirname, 'cruise.mjs'), root, ...trees],
    { maxBuffer: 256 * 1024 * 1024 },
  );
  cruise = JSON.parse(stdout) as Cruise;
}, 240_000);

afterAll(() => rmSync(nursery, { recursive: true, force: true }));

describe('the dependency rule', () => {
  it('holds in the whole tree', () => {
    expect(cruise.results[0]?.imports).not.toEqual([]);
    expect(cruise.results[0]?.violations).toEqual([]);
  });

  it('leaves a lawful tree alone', () => {
    expect(cruise.results[1]?.violations).toEqual([]);
  });

  it('has one seeded violation per rule', () => {
    expect([...seeds].sort()).toEqual([...cruise.rules].sort());
  });

  it.each(seeds)('%s names its seeded violation, and no other rule does', (seed) => {
    const found = cruise.results[2 + seeds.indexOf(seed)]?.violations ?? [];
    expect([...new Set(found.map(({ rule }) => rule))]).toEqual([seed]);
  });

  it('finds every imported workspace in the package.json beside the import', () => {
    // npm links all workspaces for everybody, so a missing line shows only as a wrong build order.
    const undeclared = cruise.results[0]?.imports
      .filter(({ from, name, types }) => name.startsWith('@quanyu/') && !types.includes('type-only') && !from.endsWith('.test.ts'))
      .filter(({ from, name }) => !declaredBy(workspaceOf(from)).includes(name.split('/').slice(0, 2).join('/')))
      .map(({ from, name }) => `${from} -> ${name}`);
    expect(undeclared).toEqual([]);
  });

  it('sees another workspace as its sources, not as what was built', () => {
    const seen = cruise.results[1]?.imports.filter(({ name }) => name === '@quanyu/money');
    expect(seen).toEqual([expect.objectContaining({ to: 'packages/money/src/index.ts' })]);
  });
});

const workspaceOf = (file: string): string => /^((packages|subgraphs)\/[^/]+|[^/]+)/.exec(file)?.[1] ?? file;

function declaredBy(workspace: string): string[] {
  const manifest = JSON.parse(readFileSync(join(root, workspace, 'package.json'), 'utf8')) as Record<string, Record<string, string>>;
  return Object.keys({ ...manifest.dependencies, ...manifest.devDependencies, [String(manifest.name)]: '' });
}
