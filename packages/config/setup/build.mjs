import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { lastLines, run } from './command.mjs';
import { SetupError, step } from './say.mjs';

/** Compiles every workspace whose sources changed; turbo knows which (0.1 s when none did). */
export async function build(root, quiet) {
  const turbo = join(root, 'node_modules', '.bin', process.platform === 'win32' ? 'turbo.cmd' : 'turbo');
  await step('building what changed', quiet, async () => {
    const { code, output } = await run(turbo, ['run', 'build', '--output-logs=errors-only'], {
      cwd: root,
      shell: process.platform === 'win32',
      env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1', TURBO_UI: 'false' },
    });
    if (code !== 0) throw new SetupError(`The build failed; mend the file named below and run the command again.\n${lastLines(output, 60)}`);
    for (const workspace of workspaces(root)) removeStale(join(workspace, 'src'), join(workspace, 'dist'));
  });
}

/** The folders of all workspaces that may have something to build. */
export function workspaces(root) {
  const inside = (folder) => readdirSync(join(root, folder)).map((name) => join(root, folder, name));
  return [...inside('packages'), ...inside('subgraphs'), join(root, 'gateway'), join(root, 'schema')].filter((folder) => existsSync(join(folder, 'package.json')));
}

/** A build taken from turbo's cache adds files to dist and removes none: what lost its source would live on. */
function removeStale(src, dist) {
  if (!existsSync(dist)) return;
  for (const entry of readdirSync(dist, { withFileTypes: true })) {
    const [from, to] = [join(src, entry.name), join(dist, entry.name)];
    if (entry.isDirectory() && existsSync(from)) removeStale(from, to);
    else if (!existsSync(from) && !existsSync(from.replace(/\.js(\.map)?$/, '.ts'))) rmSync(to, { recursive: true, force: true });
  }
}
