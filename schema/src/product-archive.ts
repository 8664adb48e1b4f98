import { existsSync, globSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';

/** The built files of a product, by path from the root of the repo. */
export type ProductFiles = Readonly<Record<string, string>>;

const ENTRY = '@quanyu/standalone';
/** What runs: compiled code, migrations, what it is made of. Maps and fixtures are for people. */
const FILES = ['package.json', 'dist/**/*.js', 'migrations/*.sql'];
const GRAPH = 'schema/supergraph.graphql';

interface Manifest { readonly name: string; readonly dependencies?: Readonly<Record<string, string>> }

/** Reads the built product of a clone: the workspaces that the one process is made of, and the graph it serves. */
export function readProduct(root: string): ProductFiles {
  const manifests = new Map(globSync(['packages/*', 'subgraphs/*', 'gateway'], { cwd: root }).filter((folder) => existsSync(join(root, folder, 'package.json'))).map((folder) => {
    const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest;
    return [manifest.name, { folder, manifest }] as const;
  }));
  const needed = new Set<string>([ENTRY]);
  for (const name of needed) for (const dependency of Object.keys(manifests.get(name)?.manifest.dependencies ?? {})) if (manifests.has(dependency)) needed.add(dependency);
  const folders = [...needed].map((name) => manifests.get(name)!.folder);
  const files = [GRAPH, ...folders.flatMap((folder) => globSync(FILES, { cwd: join(root, folder) }).map((file) => `${folder}/${file}`.replaceAll('\\', '/')))].sort();
  return Object.fromEntries(files.map((file) => [file, readFileSync(join(root, file), 'utf8').replace(/^\/\/# sourceMappingURL=.*$/m, '')]));
}

/** One small file of a product; the same bytes for the same product. */
export const packProduct = (files: ProductFiles): Buffer =>
  brotliCompressSync(JSON.stringify(files), { params: { [constants.BROTLI_PARAM_LGWIN]: 24, [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT } });

/** The files of a packed product. */
export const openProduct = (packed: Buffer): ProductFiles => JSON.parse(brotliDecompressSync(packed).toString('utf8')) as ProductFiles;

/**
 * Lays a product out in an empty folder, ready to run: its own workspaces from the archive, packages of others from the
 * clone at `root`. Answers the path of its main file.
 */
export function unpackProduct(files: ProductFiles, root: string, target: string): string {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(target, file)), { recursive: true });
    writeFileSync(join(target, file), text);
  }
  linkPackages(root, target, Object.keys(files).filter((path) => path.endsWith('/package.json')).map((path) => dirname(path)));
  return join(target, 'packages/standalone/dist/main.js');
}

/** Gives a tree at `target` its `node_modules`: its own workspaces, and the packages of others from the clone at `root`. */
export function linkPackages(root: string, target: string, workspaces: readonly string[]): void {
  const modules = join(target, 'node_modules');
  mkdirSync(join(modules, '@quanyu'), { recursive: true });
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (name !== '@quanyu' && !name.startsWith('.')) symlinkSync(join(root, 'node_modules', name), join(modules, name));
  }
  for (const folder of workspaces) {
    symlinkSync(join(target, folder), join(modules, (JSON.parse(readFileSync(join(target, folder, 'package.json'), 'utf8')) as Manifest).name));
    // Versions that differ from the common ones lie beside the workspace.
    if (existsSync(join(root, folder, 'node_modules'))) symlinkSync(join(root, folder, 'node_modules'), join(target, folder, 'node_modules'));
  }
}
