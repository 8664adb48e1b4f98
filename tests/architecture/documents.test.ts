import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const PAGES = ['README.md', 'README.zh-CN.md', 'CONTRIBUTING.md', 'schema/README.md', ...globSync('docs/**/*.md', { cwd: root })].sort();

const withoutCode = (text: string): string => text.replaceAll(/^```[\s\S]*?^```$/gm, '');
/** The anchor that GitHub gives a heading. */
const anchorOf = (heading: string): string => heading.toLowerCase().replaceAll(/[^\p{L}\p{N}\s_-]/gu, '').trim().replaceAll(/\s/g, '-');
const anchorsOf = (text: string): string[] => [...withoutCode(text).matchAll(/^#{1,4} (.+)$/gm)].map(([, heading]) => anchorOf(heading!));

describe('the pages for people', () => {
  it.each(PAGES)('%s links to what is there', (page) => {
    const dead = [...withoutCode(read(page)).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!).filter((target) => !/^https?:/.test(target)).filter((target) => {
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? page : join(dirname(page), path);
      return !existsSync(join(root, file)) || (anchor !== undefined && !anchorsOf(read(file)).includes(anchor));
    });
    expect(dead).toEqual([]);
  });

  it.each(PAGES)('%s names only commands that npm has', (page) => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = [...read(page).matchAll(/npm run ([a-z][\w:-]*)/g)].map(([, name]) => name!);
    // Those of a later release, and those that have not come yet, are in no page.
    expect([...new Set(named)].filter((name) => !(name in scripts))).toEqual([]);
  });
});

describe('README.zh-CN.md', () => {
  const [english, chinese] = [read('README.md'), read('README.zh-CN.md')];
  const shape = (text: string): string[] => withoutCode(text).split('\n').flatMap((line) => [/^#+/.exec(line)?.[0], /^\|/.exec(line)?.[0], /^- /.exec(line)?.[0]].filter((mark) => mark !== undefined));
  const links = (text: string): string[] => [...withoutCode(text).matchAll(/\]\(([^)]+)\)/g)].map(([, target]) => target!).filter((target) => !/^README/.test(target)).sort();
  /** Code in a line, as it is typed; Chinese commas and words between them are prose. */
  const code = (text: string): string[] => [...new Set([...withoutCode(text).matchAll(/`([^`]+)`/g)].map(([, inner]) => inner!))].sort();
  const commands = (text: string): string[] => [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].flatMap(([, block]) => block!.trim().split('\n').map((line) => line.replace(/\s*#.*$/, '')));

  it('has the headings, tables and lists of README.md', () => {
    expect(shape(chinese)).toEqual(shape(english));
  });

  it('has its commands, names and links', () => {
    expect(commands(chinese)).toEqual(commands(english));
    expect(code(chinese)).toEqual(code(english));
    expect(links(chinese)).toEqual(links(english));
  });

  it('is in Chinese', () => {
    const letters = withoutCode(chinese).match(/\p{Script=Han}/gu)?.length ?? 0;
    expect(letters).toBeGreaterThan(1_000);
  });
});

describe('docs/glossary.md', () => {
  const rows = [...read('docs/glossary.md').matchAll(/^\| (.+) \|$/gm)].map(([, row]) => row!.split(' | ')).filter(([term]) => term !== 'term' && !/^-+$/.test(term!));

  it('says each term in both languages, and what it means in both', () => {
    expect(rows.length).toBeGreaterThan(60);
    for (const [term, zh, meaning, zhMeaning, owner] of rows) {
      expect([term, /\p{Script=Han}|SKU/u.test(zh ?? ''), (meaning ?? '').length > 5, /\p{Script=Han}{3}/u.test(zhMeaning ?? ''), (owner ?? '').length > 3]).toEqual([term, true, true, true, true]);
    }
  });

  it('has each term once, in either language', () => {
    for (const column of [0, 1]) {
      const terms = rows.map((row) => row[column]);
      expect(terms.filter((term, at) => terms.indexOf(term) !== at)).toEqual([]);
    }
  });
});
