import { execFile } from 'node:child_process';
import { cpSync, existsSync, globSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { linkPackages } from '@quanyu/schema';

const exec = promisify(execFile);
const PARTS = ['packages', 'subgraphs', 'gateway', 'schema', 'docs', 'tests/harness', 'package.json', 'tsconfig.json'];

/** Copies what is built and its sources to an empty folder. */
export function copyTree(root: string, target: string): void {
  for (const part of PARTS) cpSync(join(root, part), join(target, part), { recursive: true, filter: (path) => !['node_modules', '.turbo'].includes(basename(path)) && !path.endsWith('.test.ts') });
}

/** Builds the workspaces of the changed files, checks their types, and writes the schema anew; throws with what the tools say. */
export async function buildTree(root: string, target: string, changed: readonly string[]): Promise<void> {
  const workspaces = [...new Set(changed.map((path) => /^(?:packages|subgraphs)\/[^/]+/.exec(path)?.[0]).filter((path) => path !== undefined))];
  linkPackages(root, target, globSync(['packages/*', 'subgraphs/*', 'gateway', 'schema'], { cwd: target }).filter((folder) => existsSync(join(target, folder, 'package.json'))));
  const node = (cwd: string, ...args: string[]): Promise<unknown> => exec(process.execPath, args, { cwd, env: { ...process.env, NODE_OPTIONS: '' } }).catch((error: { stdout?: string; stderr?: string }) => {
    throw new Error(`${args.join(' ')}:\n${error.stdout ?? ''}${error.stderr ?? ''}`);
  });
  const swc = join(root, 'node_modules/@swc/cli/bin/swc.js');
  for (const workspace of workspaces) {
    mkdirSync(join(target, workspace, 'dist'), { recursive: true });
    await node(join(target, workspace), swc, 'src', '-d', 'dist', '--strip-leading-paths', '--config-file', join(target, 'packages/config/swc.json'));
  }
  const settings = { extends: './tsconfig.json', include: changed.filter((path) => path.endsWith('.ts')) };
  writeFileSync(join(target, 'tsconfig.changed.json'), JSON.stringify(settings));
  await Promise.all([
    // What is wrong elsewhere, the tree's own type check tells.
    node(target, join(root, 'node_modules/typescript/bin/tsc'), '--noEmit', '--pretty', 'false', '-p', 'tsconfig.changed.json')
      .catch((error: Error) => { if (changed.some((path) => error.message.includes(`\n${path}(`))) throw error; }),
    // Fails where an example would break what is released.
    node(target, 'schema/emit.mjs'),
  ]);
}
