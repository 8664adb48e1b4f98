import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError } from '../../packages/config/setup.mjs';

export const STAGES = ['lint', 'typecheck', 'schema', 'jest'];

/**
 * What the command line asks for: the stages to run, the workspace they are narrowed to (a path like
 * `subgraphs/inventory`) and what jest is told.
 */
export function readScope(root, args) {
  const [only, rest] = takeOnly(args);
  // From the first option of jest's own on, everything is jest's: its options take values.
  const options = rest.findIndex((arg) => arg.startsWith('-'));
  const names = options < 0 ? rest : rest.slice(0, options);
  const jestOptions = options < 0 ? [] : rest.slice(options);
  const workspace = names.length === 1 ? findWorkspace(root, names[0]) : undefined;
  const patterns = workspace ? [`^${escape(join(root, workspace))}/`] : names;
  const stages = only ?? (rest.length > 0 && !workspace ? ['jest'] : STAGES.filter((stage) => stage !== 'schema' || hasSchema(root, workspace)));
  return { stages, workspace, jestArgs: [...patterns, ...jestOptions] };
}

function takeOnly(args) {
  const at = args.indexOf('--only');
  if (at < 0) return [undefined, args];
  const stages = (args[at + 1] ?? '').split(',');
  const unknown = stages.find((stage) => !STAGES.includes(stage));
  if (unknown !== undefined) throw new SetupError(`--only takes ${STAGES.join(', ')}; "${unknown}" is none of them.`);
  return [stages, args.toSpliced(at, 2)];
}

function findWorkspace(root, name) {
  const clean = name.replace(/\/+$/, '');
  return ['', 'packages/', 'subgraphs/'].map((folder) => `${folder}${clean}`).find((path) => existsSync(join(root, path, 'package.json')));
}

/** Only what takes part in the graph can make the emitted schema drift. */
function hasSchema(root, workspace) {
  return existsSync(join(root, 'schema', 'emit.mjs')) && (workspace === undefined || /^(subgraphs\/|gateway$|schema$|packages\/subgraph$)/.test(workspace));
}

const escape = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
