import { cpSync, existsSync, globSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { basename, dirname, join } from 'node:path';

const WORKSPACES = ['packages/*', 'subgraphs/*', 'gateway', 'schema', 'tests'];
/** Two names that seeds import and that are left out of the dependencies on purpose. */
const UNDECLARED = 'undeclared';
const FOR_DEVELOPMENT = 'declared-for-development';

/**
 * Copies a seeded tree to `target` and furnishes it like an installed repo: a package.json per
 * workspace, links between them and hollow npm packages. So seeds hold nothing but the sources
 * that matter, and their imports resolve the way the real ones do. Seeded tests end in `.test.seed`
 * while they lie in the repo, or the test runner would run them.
 */
export function plant(seed: string, target: string): void {
  cpSync(seed, target, { recursive: true });
  for (const file of globSync('**/*.test.seed', { cwd: target })) {
    renameSync(join(target, file), join(target, file.replace(/seed$/, 'ts')));
  }
  const workspaces = globSync(WORKSPACES, { cwd: target }).filter((folder) => existsSync(join(target, folder)));
  const fromNpm = npmNames(target);
  const declared = [...workspaces.map(nameOf), ...fromNpm.filter((name) => name !== UNDECLARED && name !== FOR_DEVELOPMENT)];

  writeManifest(target, { name: 'seeded', workspaces: WORKSPACES, devDependencies: versions([FOR_DEVELOPMENT]) });
  for (const folder of workspaces) {
    writeManifest(join(target, folder), {
      name: nameOf(folder),
      exports: { '.': { types: './src/index.ts', default: './dist/index.js' } },
      dependencies: versions(declared),
    });
    link(join(target, folder), join(target, 'node_modules', nameOf(folder)));
  }
  for (const name of fromNpm) {
    const folder = join(target, 'node_modules', name);
    mkdirSync(folder, { recursive: true });
    writeManifest(folder, { name, main: 'index.js' });
    writeFileSync(join(folder, 'index.js'), '');
  }
}

const nameOf = (folder: string): string => `@quanyu/${basename(folder)}`;
const versions = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, '1.0.0']));

function npmNames(tree: string): string[] {
  const names = new Set<string>();
  for (const file of globSync('**/*.{ts,mjs}', { cwd: tree })) {
    for (const [, name] of readFileSync(join(tree, file), 'utf8').matchAll(/from '((?:@[\w.-]+\/)?[\w.-]+)/g)) {
      if (name && !name.startsWith('.') && !name.startsWith('@quanyu/') && !isBuiltIn(name)) names.add(name);
    }
  }
  return [...names];
}

const isBuiltIn = (name: string): boolean => name === 'node' || builtinModules.includes(name);

function writeManifest(folder: string, manifest: Record<string, unknown>): void {
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ version: '1.0.0', type: 'module', ...manifest }));
}

function link(folder: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(folder, path, 'junction');
}
