/**
 * Lints every file under seeded/lint as if it stood in the real tree and prints, as JSON, the names
 * of all restrictions of eslint.config.js and those each seed broke. A process of its own, like
 * cruise.mjs, since eslint loads its configuration by itself.
 */
import { globSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import config from '../../eslint.config.js';

const root = join(import.meta.dirname, '../..');
const seeded = join(import.meta.dirname, 'seeded/lint');

const shortName = (ruleId) => ruleId.replace('@typescript-eslint/', '');
const needsTypes = (name) => tseslint.plugin.rules[name]?.meta.docs.requiresTypeChecking ?? false;
/** Restrictions carry their own name in front of their message: "no-clock-in-domain: the time is …". */
const ownName = (message) => /(?:^| )([a-z]+(?:-[a-z]+)+): /.exec(message)?.[1] ?? message;
const isRestriction = (ruleId) => ruleId.startsWith('no-restricted-');

function restrictionsOf([ruleId, setting]) {
  if (setting === 'off') return [];
  if (!isRestriction(ruleId)) return [shortName(ruleId)];
  const entries = setting.slice(1).flatMap((option) => option.paths ?? [option]);
  return entries.map(({ message }) => ownName(message));
}

const eslint = new ESLint({ cwd: root, overrideConfigFile: join(root, 'eslint.config.js') });
// The type service knows only files that are there; seeds that need no types may stand anywhere.
const untyped = new ESLint({
  cwd: root,
  overrideConfigFile: join(root, 'eslint.config.js'),
  overrideConfig: { ...tseslint.configs.disableTypeChecked, files: ['**/*.ts'] },
});

const seeds = [];
for (const file of globSync('*/**/*.{ts,mjs,test.seed}', { cwd: seeded })) {
  const [name, ...path] = file.replace(/seed$/, 'ts').split(sep);
  const [result] = await (needsTypes(name) ? eslint : untyped).lintText(readFileSync(join(seeded, file), 'utf8'), {
    filePath: join(root, ...path),
  });
  const broken = result.messages.map(({ ruleId, message }) =>
    ruleId === null ? message : isRestriction(ruleId) ? ownName(message) : shortName(ruleId));
  seeds.push({ name, path: path.join('/'), broken: [...new Set(broken)] });
}
const restrictions = new Set(config.flatMap(({ rules = {} }) => Object.entries(rules).flatMap(restrictionsOf)));
process.stdout.write(JSON.stringify({ restrictions: [...restrictions], seeds }));
