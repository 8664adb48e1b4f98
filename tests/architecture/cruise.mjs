/**
 * Runs dependency-cruiser with the repo's rules over the trees named on the command line and prints
 * one JSON array, a result per tree. A process of its own: the cruiser loads a compiler and keeps
 * caches, neither of which belongs into the test runner's module world.
 */
import { createRequire } from 'node:module';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cruise } from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';

const root = join(import.meta.dirname, '../..');
const { options, forbidden } = createRequire(import.meta.url)(join(root, '.dependency-cruiser.cjs'));
const tsConfig = extractTSConfig(join(root, options.tsConfig.fileName));

const results = [];
for (const tree of process.argv.slice(2)) {
  process.chdir(tree);
  const roots = ['packages', 'subgraphs', 'gateway', 'schema', 'tests'].filter((name) => existsSync(name));
  const { output } = await cruise(
    roots,
    { ...options, tsConfig: undefined, baseDir: tree, validate: true, ruleSet: { forbidden } },
    { ...options.enhancedResolveOptions, bustTheCache: true },
    { tsConfig },
  );
  results.push({
    violations: output.summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to })),
    imports: output.modules.flatMap(({ source, dependencies }) =>
      dependencies.map(({ module, resolved, dependencyTypes }) => ({ from: source, name: module, to: resolved, types: dependencyTypes }))),
  });
}
process.stdout.write(JSON.stringify({ rules: forbidden.map(({ name }) => name), results }));
