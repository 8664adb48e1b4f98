import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { EventContracts } from './event-contracts.js';
import { openProduct, packProduct, type ProductFiles } from './product-archive.js';

/** SHA-256 of each migration, by subgraph and name. */
export type MigrationHashes = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** What the last release promised: kept in the tree, so that a fresh clone can compare without its history. */
export interface Release {
  readonly version: string;
  /** `YYYY-MM-DD` */
  readonly day: string;
  /** The graph as clients see it. */
  readonly graph: string;
  readonly events: EventContracts;
  readonly migrations: MigrationHashes;
}

const file = (folder: URL, name: string): URL => new URL(name, folder);
const write = (url: URL, value: unknown): void => writeFileSync(url, `${JSON.stringify(value, null, 2)}\n`);

/** Reads `schema/released`; null where nothing has been released yet. */
export function readRelease(folder: URL): Release | null {
  if (!existsSync(file(folder, 'release.json'))) return null;
  const read = (name: string): string => readFileSync(file(folder, name), 'utf8');
  const { version, day, migrations } = JSON.parse(read('release.json')) as Pick<Release, 'version' | 'day' | 'migrations'>;
  return { version, day, migrations, graph: read('graph.graphql'), events: JSON.parse(read('events.json')) as EventContracts };
}

/** Moves the baseline: from now on everything is compared with this. */
export function writeRelease(folder: URL, { version, day, graph, events, migrations }: Release, product: ProductFiles): void {
  mkdirSync(folder, { recursive: true });
  write(file(folder, 'release.json'), { version, day, migrations });
  writeFileSync(file(folder, 'graph.graphql'), graph);
  write(file(folder, 'events.json'), events);
  writeFileSync(file(folder, 'product.json.br'), packProduct(product));
}

/** The last release's product, as it was built. */
export const releasedProduct = (folder: URL): ProductFiles => openProduct(readFileSync(file(folder, 'product.json.br')));

/** Whether the released code of a subgraph, or of the packages that have tables in its schema, names a word: as SQL does, or as a mapping does. */
export function namesIn(product: ProductFiles, subgraph: string): (word: string) => boolean {
  const text = Object.entries(product)
    .filter(([path]) => path.endsWith('.js') && (path.startsWith(`subgraphs/${subgraph}/`) || /^packages\/(outbox|subgraph|database|standalone)\//.test(path)))
    .map(([, code]) => code).join('\n');
  const words = new Set(text.match(/\w+/g));
  return (word) => words.has(word) || words.has(word.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase()));
}

/** Hashes of the migrations that a set of subgraphs brings. */
export const hashMigrations = (databases: readonly { readonly name: string; readonly migrations: readonly { readonly name: string; readonly sql: string }[] }[]): MigrationHashes =>
  Object.fromEntries(databases.map(({ name, migrations }) => [name, Object.fromEntries(migrations.map((migration) => [migration.name, createHash('sha256').update(migration.sql).digest('hex')]))]));

/** A released migration has run where people work: it is neither changed nor taken away. */
export function migrationFaults(released: MigrationHashes, current: MigrationHashes): string[] {
  return Object.entries(released).flatMap(([subgraph, migrations]) => Object.entries(migrations)
    .filter(([name, hash]) => current[subgraph]?.[name] !== hash)
    .map(([name]) => `${subgraph}: ${name} has been released and has run elsewhere, so ${current[subgraph]?.[name] === undefined ? 'it stays' : 'it stays as it was'}; write another migration after it.`));
}
