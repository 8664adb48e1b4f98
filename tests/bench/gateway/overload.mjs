import { isDeepStrictEqual } from 'node:util';
import { Pool } from 'undici';
import { percentile } from '../percentile.mjs';

const TICK_MS = 5;
const LATE_MS = 500;

/**
 * Asks more than can be answered, at a pace of its own: a client that waits for its answer before it asks again would
 * hide what the others suffer. Good is an answer that is right and came within half a second.
 */
export async function overload({ url, questions, perSecond, seconds }) {
  const pool = new Pool(new URL(url).origin, { connections: 4_000, pipelining: 1, headersTimeout: 20_000, bodyTimeout: 20_000 });
  const { pathname } = new URL(url);
  const [good, refused] = [[], []];
  let [asked, wrong, lost] = [0, 0, 0];
  const one = async (question, count) => {
    const since = performance.now();
    try {
      const { statusCode, headers, body } = await pool.request({ method: 'POST', path: pathname, headers: { 'content-type': 'application/json' }, body: question.body });
      const answer = Buffer.from(await body.arrayBuffer());
      const took = performance.now() - since;
      if (!count) return;
      if (statusCode === 503 && Number(headers['retry-after']) > 0) refused.push(took);
      else if (statusCode === 200 && (question.known?.equals(answer) || isDeepStrictEqual(JSON.parse(answer.toString()), question.expected))) good.push(took);
      else wrong += 1;
    } catch {
      if (count) lost += 1;
    }
  };
  const running = new Set();
  const began = performance.now();
  const warmUp = 1_000;
  for (let told = 0; ;) {
    const passed = performance.now() - began;
    if (passed > warmUp + seconds * 1_000) break;
    for (const due = (passed / 1_000) * perSecond; told < due; told += 1) {
      const counts = passed > warmUp;
      if (counts) asked += 1;
      const asking = one(questions[told % questions.length], counts).finally(() => running.delete(asking));
      running.add(asking);
    }
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  }
  await Promise.all(running);
  await pool.destroy();
  const inTime = good.filter((took) => took <= LATE_MS).length;
  return { asked, answered: good.length, inTimePerSecond: inTime / seconds, p99: good.length === 0 ? Infinity : percentile(good, 0.99), refused: refused.length, refusedP99: refused.length === 0 ? 0 : percentile(refused, 0.99), wrong, lost };
}
