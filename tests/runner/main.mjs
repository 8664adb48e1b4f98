import { SetupError, elapsed, root } from '../../packages/config/setup.mjs';
import { checks } from './checks.mjs';
import { endGently, isInterrupted } from './child.mjs';
import { runJest } from './jest.mjs';
import { readScope } from './scope.mjs';

if (!process.stdout.isTTY) {
  delete process.env.FORCE_COLOR;
  process.env.NO_COLOR = '1';
}
const say = (line) => process.stdout.write(`${line.trimEnd()}\n`);
endGently();

const total = { passed: 0, failed: 0 };
try {
  const { stages, workspace, jestArgs } = readScope(root, process.argv.slice(2));
  // Two cores, and these use one each.
  await Promise.all(stages.filter((stage) => stage !== 'jest').map((stage) => check(stage, workspace)));
  if (stages.includes('jest') && !isInterrupted()) {
    const { passed, failed } = await runJest(root, jestArgs, say);
    total.passed += passed;
    total.failed += failed;
  }
} catch (error) {
  say(error instanceof SetupError ? error.message : String(error?.stack ?? error));
  total.failed += 1;
}
say(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = isInterrupted() ? 130 : total.failed > 0 || total.passed === 0 ? 1 : 0;

async function check(stage, workspace) {
  const since = performance.now();
  const { ok, output } = await checks[stage](root, workspace);
  if (isInterrupted()) return;
  say(`${ok ? '✓' : '✗'} ${stage}, ${elapsed(since)}${ok ? '' : `\n${output}`}`);
  total[ok ? 'passed' : 'failed'] += 1;
}
