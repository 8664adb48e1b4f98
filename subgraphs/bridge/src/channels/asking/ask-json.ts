import type { PlatformAnswer, PlatformRequest } from '../../outbound/outbound.js';
import type { PlatformError } from '../../outbound/platform-error.js';
import { answerObject, type JsonObject } from './answer-object.js';
import type { Rate } from '../../outbound/token-bucket.js';
import type { ClientContext } from '../connector.js';

type Request = Pick<PlatformRequest, 'method' | 'url' | 'headers' | 'repeatable'> & {
  readonly json?: unknown;
  /** What a refusal means here; undefined leaves it to the status. */
  readonly refusal?: (answer: PlatformAnswer) => PlatformError | undefined;
  /** How many calls the platform says that it allows, where its headers tell. */
  readonly rateOf?: (headers: PlatformAnswer['headers']) => Rate | undefined;
};

/** Asks a REST API and gives the JSON object of its answer. What is left of the platform's limits is learnt from its headers. */
export async function askJson({ line }: Pick<ClientContext, 'line'>, { json, headers = {}, refusal, rateOf, ...request }: Request): Promise<JsonObject> {
  const { body } = await line.send({
    ...request,
    headers: { accept: 'application/json', ...(json !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(json !== undefined && { body: JSON.stringify(json) }),
    judge: (answer) => {
      learn(line, answer, rateOf?.(answer.headers));
      return refusal?.(answer);
    },
  });
  return answerObject(body);
}

const LEFT = ['x-rate-limit-remaining', 'x-ratelimit-remaining'];

function learn(line: ClientContext['line'], { headers }: PlatformAnswer, rate: Rate | undefined): void {
  const left = LEFT.map((name) => headers[name]).find((value) => value !== undefined);
  const remaining = left !== undefined && /^\d{1,7}$/.test(left) ? Number(left) : undefined;
  if (remaining !== undefined || rate !== undefined) line.bucket.learn({ ...(remaining !== undefined && { remaining }), ...(rate !== undefined && { rate }) });
}
