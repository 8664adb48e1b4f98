/**
 * The part of the house's law that shows inside one file. Each restriction carries its name in front
 * of its message, and tests/architecture/seeded/lint/<name> holds a file that breaks it.
 * Later blocks replace the options of earlier ones, so each zone is given its whole list.
 */
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

const noDefaultExport = [
  { selector: 'ExportDefaultDeclaration', message: 'no-default-export: a name is searched for and renamed safely, "default" is not' },
  { selector: 'ExportSpecifier[exported.name="default"]', message: 'no-default-export-by-alias: this is a default export too' },
];
const noExportAll = { selector: 'ExportAllDeclaration', message: 'no-export-all: say which names leave; only a src/index.ts may pass a file on whole' };
const noProcessEnv = [
  { object: 'process', property: 'env', message: 'no-process-env: environment.ts reads and checks it once; take the value from there' },
];
const noImportedEnv = {
  name: 'node:process', importNames: ['env'], message: 'no-imported-env: environment.ts reads and checks it once; take the value from there',
};
const onlyCommandsRecord = {
  name: '@quanyu/outbox', importNames: ['record'], message: 'only-commands-record: an event is recorded in the transaction of a command, nowhere else',
};

/** A rule must give the same answer tomorrow and on another machine: time, chance and ids are its arguments. */
const domainSyntax = [
  { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: 'no-clock-in-domain: the time is an argument of a rule' },
  { selector: 'CallExpression[callee.name="Date"]', message: 'no-date-call-in-domain: Date() without new reads the clock' },
  { selector: 'MemberExpression[object.name=/crypto$/i][property.name=/^(random|getRandomValues)/]', message: 'no-crypto-chance-in-domain: chance is an argument of a rule' },
  { selector: ':function[async=true]', message: 'no-async-in-domain: a rule is asked and answers at once; waiting is a command\'s work' },
];
const domainProperties = [
  { object: 'Date', property: 'now', message: 'no-date-now-in-domain: the time is an argument of a rule' },
  { object: 'performance', property: 'now', message: 'no-performance-now-in-domain: the time is an argument of a rule' },
  { object: 'Math', property: 'random', message: 'no-math-random-in-domain: chance is an argument of a rule' },
];

const TESTS = ['tests/**', '**/*.test.ts', 'packages/testing/**'];
/** Started by hand or by npm: they read the environment and talk to a person. */
const SCRIPTS = ['**/bin/**', '**/*.mjs', 'packages/config/**'];
const CONFIGS = ['**/*.config.{js,cjs,mjs,ts}', '**/jest.preset.js'];

const syntax = (...restrictions) => ['error', ...restrictions.flat()];
const imports = (...paths) => (paths.length === 0 ? 'off' : ['error', { paths }]);
const properties = (...restrictions) => (restrictions.length === 0 ? 'off' : ['error', ...restrictions.flat()]);

export default defineConfig(
  { ignores: ['**/dist/**', '**/coverage/**', '**/.turbo/**', '**/.quanyu/**', 'tests/architecture/seeded/**'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    name: 'every file',
    files: ['**/*.{ts,js,mjs,cjs}'],
    plugins: { '@typescript-eslint': tseslint.plugin },
    rules: {
      eqeqeq: 'error',
      'no-console': 'error',
      'no-restricted-syntax': syntax(noDefaultExport, noExportAll),
      'no-restricted-properties': properties(noProcessEnv),
      'no-restricted-imports': imports(noImportedEnv, onlyCommandsRecord),
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrorsIgnorePattern: '^_', destructuredArrayIgnorePattern: '^_', ignoreRestSiblings: true }],
    },
  },
  {
    name: 'TypeScript',
    files: ['**/*.ts'],
    languageOptions: { parser: tseslint.parser },
    rules: { '@typescript-eslint/no-explicit-any': 'error' },
  },
  {
    // These two need to know types, so they run only over what tsconfig.json includes.
    name: 'TypeScript, with types',
    files: ['{packages/*,schema}/src/**/*.ts', 'subgraphs/*/{src,migrations}/**/*.ts', 'subgraphs/*/*.ts', 'gateway/src/**/*.ts', 'tests/**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: { '@typescript-eslint/no-floating-promises': 'error', '@typescript-eslint/no-misused-promises': 'error' },
  },
  { name: 'entries', files: ['**/src/index.ts'], rules: { 'no-restricted-syntax': syntax(noDefaultExport) } },
  { name: 'configuration', files: CONFIGS, rules: { 'no-restricted-syntax': syntax(noExportAll) } },
  { name: 'commands', files: ['subgraphs/*/src/commands/**'], rules: { 'no-restricted-imports': imports(noImportedEnv) } },
  {
    name: 'domain',
    files: ['subgraphs/*/src/domain/**'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-syntax': syntax(noDefaultExport, noExportAll, domainSyntax),
      'no-restricted-properties': properties(noProcessEnv, domainProperties),
    },
  },
  { name: 'environment', files: ['**/environment.ts'], rules: { 'no-restricted-properties': properties(), 'no-restricted-imports': imports(onlyCommandsRecord) } },
  { name: 'scripts', files: SCRIPTS, rules: { 'no-console': 'off', 'no-restricted-properties': properties(), 'no-restricted-imports': imports(onlyCommandsRecord) } },
  { name: 'the shell that prints', files: ['packages/standalone/**'], rules: { 'no-console': 'off' } },
  { name: 'tests', files: TESTS, rules: { 'no-restricted-properties': properties(), 'no-restricted-imports': imports() } },
);
