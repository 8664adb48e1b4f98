import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, runNode } from './child.mjs';

/** The stages beside jest. Each resolves to `{ ok, output }`. */
export const checks = {
  async lint(root, workspace) {
    const { code, output } = await runNode([join(root, 'node_modules/eslint/bin/eslint.js'), workspace ?? '.'], { cwd: root });
    return { ok: code === 0, output };
  },

  async typecheck(root, workspace) {
    const args = ['--noEmit', '-p', 'tsconfig.json', '--incremental', '--tsBuildInfoFile', join(cacheFolder(root), 'tsconfig.tsbuildinfo'), '--pretty', 'false'];
    const { code, output } = await runNode([join(root, 'node_modules/typescript/bin/tsc'), ...args], { cwd: root });
    if (code === 0 || workspace === undefined) return { ok: code === 0, output };
    // Types know no workspaces: the whole tree is checked and the findings of this one count. A finding has no file
    // when tsc itself is broken, and then it counts everywhere.
    const findings = output.split(/\n(?! )/).filter((finding) => finding.startsWith(`${workspace}/`) || /^error TS/.test(finding));
    return { ok: findings.length === 0, output: findings.join('\n') };
  },

  async schema(root) {
    const script = join(root, 'schema', 'emit.mjs');
    if (!existsSync(script)) return { ok: false, output: 'schema/emit.mjs is missing' };
    const { code, output } = await runNode([script, '--check'], { cwd: root });
    return { ok: code === 0, output };
  },
};
