import { spawn } from 'node:child_process';

/** Runs a command with its output kept back; resolves to `{ code, output }`, never rejects. */
export function run(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const keep = (chunk) => (output = (output + chunk).slice(-64_000));
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', (error) => resolve({ code: -1, output: `${output}${error.message}` }));
    child.once('close', (code) => resolve({ code: code ?? -1, output }));
  });
}

/** The last lines of an output: where compilers and npm say what was wrong. */
export const lastLines = (output, count = 30) => output.trimEnd().split('\n').slice(-count).join('\n');
