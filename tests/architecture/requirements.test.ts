import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { isClaimed, missingProof, parseRequirements } from './requirements.js';
import { testNames } from './test-names.js';

const SECTIONS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11', '12', '13', '15'];
const IDS = 524;

const root = join(import.meta.dirname, '../..');
const rows = parseRequirements(readFileSync(join(root, 'docs/requirements.md'), 'utf8'));
const testFiles = globSync(['{packages,subgraphs}/*/src/**/*.test.ts', '{gateway,schema}/**/*.test.ts', 'tests/**/*.ts'], {
  cwd: root,
  exclude: ['**/node_modules', '**/dist', 'tests/architecture/seeded'],
});
const tests = new Set(testFiles.flatMap((file) => testNames(readFileSync(join(root, file), 'utf8'))));
const proofMissingFor = (row: (typeof rows)[number]) => missingProof(row, (path) => existsSync(join(root, path)), tests);

afterAll(() => {
  const shown = rows.filter((row) => isClaimed(row) && proofMissingFor(row).length === 0).length;
  process.stdout.write(`requirements: ${shown} shown, ${rows.length - shown} open\n`);
});

describe('docs/requirements.md', () => {
  it('holds every id once', () => {
    const ids = rows.map(({ id }) => id);
    expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
    expect(ids).toHaveLength(IDS);
  });

  it('groups them under the sections of their owners', () => {
    expect([...new Set(rows.map(({ section }) => section))]).toEqual(SECTIONS);
  });

  it('says in a few words what each is about', () => {
    expect(rows.filter(({ words }) => words === '' || words.split(/\s+/).length > 8)).toEqual([]);
  });

  it('claims nothing without a file and a living test', () => {
    const dead = rows.flatMap((row) => proofMissingFor(row).map((what) => `${row.id}: ${what}`));
    expect(dead).toEqual([]);
  });
});

describe('a claim in docs/requirements.md', () => {
  const table = (where: string, shownBy: string) => parseRequirements(`## 1. A\n| id | w | w | s |\n|---|---|---|---|\n| X-1 | words | ${where} | ${shownBy} |`)[0]!;
  const there = (path: string) => path === 'LICENSE';

  it('is refused when its test is not there, is skipped, or has no name', () => {
    const living = new Set(testNames(`describe.skip('d', () => { it('sleeps', f) }); xit('x', f); it.todo('later'); it.each([1])('wakes %s', f)`));
    expect([...living]).toEqual(['wakes %s']);
    expect(missingProof(table('LICENSE', 'sleeps'), there, living)).toEqual(['no such test: sleeps']);
    expect(missingProof(table('`LICENSE`', ''), there, living)).toEqual(['names no test']);
    expect(missingProof(table('LICENSE', '`wakes %s`'), there, living)).toEqual([]);
  });

  it('is refused when its file is not there', () => {
    expect(missingProof(table('gone.ts<br>LICENSE', 'a'), there, new Set(['a']))).toEqual(['no such file: gone.ts']);
  });

  it('is open when it says so', () => {
    expect(isClaimed(table('open', ''))).toBe(false);
  });
});
