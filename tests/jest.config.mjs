import { readFileSync } from 'node:fs';

const { exclude: _exclude, $schema: _schema, ...swc } = JSON.parse(readFileSync(new URL('../packages/config/swc.json', import.meta.url), 'utf8'));

/** Tests run from source; the packages they import come from dist, as in production. */
const config = {
  rootDir: '..',
  testEnvironment: 'node',
  testMatch: ['packages/*/src', 'subgraphs/*/src', 'gateway/src', 'schema', 'tests'].map((folder) => `<rootDir>/${folder}/**/*.test.ts`),
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '<rootDir>/tests/architecture/seeded/'],
  modulePathIgnorePatterns: ['<rootDir>/[^/]+/[^/]+/dist/', '<rootDir>/[^/]+/dist/', '<rootDir>/\\.(quanyu|turbo)/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': ['@swc/jest', { ...swc, swcrc: false, sourceMaps: 'inline' }] },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  maxWorkers: 2,
  // What a file has imported stays with its worker: a fresh one now and then costs less than collecting all of it.
  workerIdleMemoryLimit: '600MB',
  // For machines with much else to do; a test that hangs is still found.
  testTimeout: 180_000,
  watchman: false,
};

export default config;
