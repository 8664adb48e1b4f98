import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { Pool } from 'undici';
import { percentile } from '../percentile.mjs';

const TICKS_PER_SECOND = 100;

/** CPU seconds that a process has used, and the most memory it has held, in MB. Linux only. */
export function usageOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ');
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return { cpu: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND, memory: Number(/VmHWM:\s+(\d+)/.exec(status)[1]) / 1024 };
}

/**
 * Keeps so many requests under way for so many seconds. Every body is compared: with one that was right before byte by
 * byte, else as JSON with what is expected. With `maySendAway`, who is told to come back asks again at once and is not counted; with `enough` answers it ends before its time.
 */
export async function load({ url, headers = {}, connections, seconds, questions, maySendAway = false, enough = Infinity }) {
  const pool = new Pool(new URL(url).origin, { connections, pipelining: 1, headersTimeout: 30_000, bodyTimeout: 30_000 });
  const { pathname } = new URL(url);
  const times = [];
  let [next, bytes] = [0, 0];
  const end = performance.now() + seconds * 1000;
  const began = performance.now();
  const one = async () => {
    while (performance.now() < end && times.length < enough) {
      const question = questions[next++ % questions.length];
      const since = performance.now();
      const { statusCode, body } = await pool.request({ method: 'POST', path: pathname, headers: { 'content-type': 'application/json', ...headers }, body: question.body });
      const answer = Buffer.from(await body.arrayBuffer());
      if (maySendAway && statusCode === 503) continue;
      times.push(performance.now() - since);
      bytes = answer.length;
      if (statusCode !== 200 || !isRight(question, answer)) throw new Error(`a wrong answer (${statusCode}): ${answer.toString().slice(0, 500)}`);
    }
  };
  await Promise.all(Array.from({ length: connections }, one));
  const took = (performance.now() - began) / 1000;
  await pool.close();
  return { count: times.length, perSecond: times.length / took, p50: percentile(times, 0.5), p99: percentile(times, 0.99), bytes };
}

function isRight(question, answer) {
  if (question.known?.equals(answer)) return true;
  if (!isDeepStrictEqual(JSON.parse(answer.toString()), question.expected)) return false;
  question.known = answer;
  return true;
}
