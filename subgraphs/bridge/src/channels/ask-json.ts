import type { PlatformAnswer, PlatformRequest } from '../outbound/outbound.js';
import type { PlatformError } from '../outbound/platform-error.js';
import { answerObject, type JsonObject } from './answer-object.js';
import type { ClientContext } from './connector.js';

type Request = Pick<PlatformRequest, 'method' | 'url' | 'headers' | 'repeatable'> & {
  readonly json?: unknown;
  /** What a refusal means here; undefined leaves it to the status. */
  readonly refusal?: (answer: PlatformAnswer) => PlatformError | undefined;
};

/** Asks a REST API and gives the JSON object of its answer. What is left of the platform's limits is learnt from its headers. */
export async function askJson({ line }: Pick<ClientContext, 'line'>, { json, headers = {}, refusal, ...request }: Request): Promise<JsonObject> {
  const { body } = await line.send({
    ...request,
    headers: { accept: 'application/json', ...(json !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(json !== undefined && { body: JSON.stringify(json) }),
    judge: (answer) => {
      learn(line, answer);
      return refusal?.(answer);
    },
  });
  return answerObject(body);
}

const LEFT = ['x-rate-limit-remaining', 'x-ratelimit-remaining'];

function learn(line: ClientContext['line'], { headers }: PlatformAnswer): void {
  const left = LEFT.map((name) => headers[name]).find((value) => value !== undefined);
  if (left !== undefined && /^\d{1,7}$/.test(left)) line.bucket.learn({ remaining: Number(left) });
}
