/** A line of docs/requirements.md. */
export interface Requirement {
  id: string;
  section: string;
  words: string;
  /** Files of the rule, from the root of the repo; none while the requirement is open. */
  where: string[];
  /** Names of the tests that show it. */
  shownBy: string[];
}

const OPEN = 'open';

/** Reads the tables of docs/requirements.md. Several files or tests in one cell are parted by `<br>`. */
export function parseRequirements(markdown: string): Requirement[] {
  const rows: Requirement[] = [];
  let section = '';
  for (const line of markdown.split('\n')) {
    const heading = /^## (\d+)\. /.exec(line);
    if (heading?.[1]) section = heading[1];
    const [, id, words, where, shownBy] = line.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|'));
    if (!id || id === 'id' || id.startsWith('---') || words === undefined) continue;
    rows.push({ id, section, words, where: entries(where).filter((file) => file !== OPEN), shownBy: entries(shownBy) });
  }
  return rows;
}

const entries = (cell = ''): string[] =>
  cell.split('<br>').map((entry) => entry.trim().replace(/^`(.*)`$/, '$1')).filter((entry) => entry !== '');

export const isClaimed = (row: Requirement): boolean => row.where.length > 0 || row.shownBy.length > 0;

/** What a claimed row names but does not have: its file, its test, or the name of either. */
export function missingProof(row: Requirement, fileExists: (path: string) => boolean, tests: ReadonlySet<string>): string[] {
  if (!isClaimed(row)) return [];
  return [
    ...(row.where.length === 0 ? ['names no file'] : []),
    ...(row.shownBy.length === 0 ? ['names no test'] : []),
    ...row.where.filter((path) => !fileExists(path)).map((path) => `no such file: ${path}`),
    ...row.shownBy.filter((name) => !tests.has(name)).map((name) => `no such test: ${name}`),
  ];
}
