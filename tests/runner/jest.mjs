import { readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { cacheFolder, isInterrupted, runNode } from './child.mjs';

const NEEDS_POSTGRES = /(\.int\.test\.ts|^tests\/(journeys|faults|conformance)\/.*\.test\.ts)$/;

/** Runs jest, with one PostgreSQL for all test files when one of them needs it. Resolves to `{ passed, failed }`. */
export async function runJest(root, args, say) {
  const jest = [join(root, 'node_modules/jest/bin/jest.js'), '--config', join(root, 'tests/jest.config.mjs')];
  const env = {
    // Jest loads ES modules through an interface that Node still calls experimental, and says so in every worker.
    NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --experimental-vm-modules --disable-warning=ExperimentalWarning`.trim(),
  };
  const listing = await runNode([...jest, '--listTests', '--json', ...args], { cwd: root, env });
  const files = readList(listing.output).map((file) => relative(root, file));
  if (files.length === 0) {
    say(isInterrupted() ? 'interrupted' : `no test file was found${args.length > 0 ? ` for ${args.join(' ')}` : ''}\n${listing.code === 0 ? '' : listing.output}`);
    return { passed: 0, failed: 1 };
  }
  const postgres = files.some((file) => NEEDS_POSTGRES.test(file)) ? await startPostgres(root, say) : undefined;
  const report = join(cacheFolder(root), `jest-${process.pid}.json`);
  try {
    const { code } = await runNode([...jest, '--json', '--outputFile', report, ...args], {
      cwd: root, quiet: false, env: { ...env, ...(postgres && { QUANYU_TEST_ADMIN_URL: postgres.adminUrl }) },
    });
    return count(report, code, say);
  } finally {
    await postgres?.stop();
    rmSync(report, { force: true });
  }
}

async function startPostgres(root, say) {
  const { startTemporaryPostgres } = await import(join(root, 'packages/database/dist/embedded-postgres/temporary.js'));
  // Nobody misses this data after a power cut; everything else is as in production.
  return startTemporaryPostgres({ onProgress: say, settings: { fsync: 'off', max_connections: 300 } });
}

function readList(output) {
  try {
    return JSON.parse(output.slice(output.indexOf('[')));
  } catch {
    return [];
  }
}

/** A file that could not be loaded has no tests to count, so it counts as one failure itself. */
function count(report, code, say) {
  let result;
  try {
    result = JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    return { passed: 0, failed: 1 };
  }
  const passed = result.numPassedTests;
  const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
  const unexplained = failed === 0 && (code !== 0 || passed === 0);
  if (unexplained && !isInterrupted()) say(passed === 0 ? 'no test was executed' : `jest ended with exit code ${code}`);
  return { passed, failed: failed + (unexplained ? 1 : 0) };
}
