import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '../..');

/** The plan of the house. Nothing else stands at the top. */
const PLAN = [
  'package.json', 'package-lock.json', 'turbo.json', 'tsconfig.json', 'eslint.config.js', '.dependency-cruiser.cjs', '.ci',
  'docker-compose.yml', 'Dockerfile', 'README.md', 'README.zh-CN.md', 'CONTRIBUTING.md', 'LICENSE',
  'gateway', 'subgraphs', 'packages', 'schema', 'tests', 'docs',
  // Tools look for these at the root and nowhere else.
  '.gitignore', '.gitattributes', '.dockerignore',
];
/** Names that say nothing about what is inside, so everything ends up inside. */
const NAMELESS = ['utils', 'common', 'shared', 'types', 'helpers'];
/** Presets are picked one by one; every other package has one door. */
const MANY_DOORS = ['config'];

const files = filesOfTheRepo();
const subgraphs = readdirSync(join(root, 'subgraphs'));
const packages = readdirSync(join(root, 'packages'));

describe('the tree', () => {
  it('has nothing at the top that the plan does not name', () => {
    const top = new Set(files.map((file) => file.split('/')[0] ?? file));
    expect([...top].filter((name) => !PLAN.includes(name))).toEqual([]);
  });

  it('has no folder whose name says nothing', () => {
    const folders = new Set(files.flatMap((file) => file.split('/').slice(0, -1)));
    expect(NAMELESS.filter((name) => folders.has(name))).toEqual([]);
  });

  it.each(subgraphs)('the subgraph %s has the one shape', (name) => {
    const home = join(root, 'subgraphs', name);
    const owed = ['README.md', 'package.json', 'mikro-orm.config.ts', 'migrations', 'src/subgraph.ts'];
    expect(owed.filter((path) => !existsSync(join(home, path)))).toEqual([]);
  });

  it.each(subgraphs)('the subgraph %s opens one door, its definition', (name) => {
    expect(doorsOf(`subgraphs/${name}`)).toEqual(['.']);
  });

  it.each(packages.filter((name) => !MANY_DOORS.includes(name)))('the package %s opens one door', (name) => {
    expect(doorsOf(`packages/${name}`)).toEqual(['.']);
  });
});

function doorsOf(workspace: string): string[] {
  const manifest = JSON.parse(readFileSync(join(root, workspace, 'package.json'), 'utf8')) as { exports?: Record<string, unknown> };
  return Object.keys(manifest.exports ?? {});
}

/** What git would put into a clone: committed files and those about to be. Without git, what lies there. */
function filesOfTheRepo(): string[] {
  let files: string[];
  try {
    const listing = ['ls-files', '--cached', '--others', '--exclude-standard', '-z'];
    files = execFileSync('git', listing, { cwd: root, maxBuffer: 64 * 1024 * 1024, stdio: ['ignore', 'pipe', 'ignore'] }).toString().split('\0');
  } catch {
    const ignored = readFileSync(join(root, '.gitignore'), 'utf8').split('\n').map((line) => line.replace(/\/$/, ''));
    files = globSync('**/*', { cwd: root, exclude: (path) => path.split(sep).some((name) => name === '.git' || ignored.includes(name)) });
  }
  // A file deleted but not yet committed is still listed.
  return files.filter((file) => file !== '' && existsSync(join(root, file))).map((file) => file.split(sep).join('/'));
}
