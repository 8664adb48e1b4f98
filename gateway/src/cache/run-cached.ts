import type { GatewayContext } from '../context.js';
import type { Answer } from '../execute/answer.js';
import type { RunOptions } from '../execute/run.js';
import type { Exchange } from '../http/exchange.js';
import type { Operation } from '../plan/operation.js';
import { runAuthorised } from '../rights/run-authorised.js';
import type { Supergraph } from '../supergraph.js';
import { cachePolicy } from './cache-policy.js';

/** Runs an operation for one who asks by HTTP, or gives the answer that is kept; what of it may be kept is noted at the exchange. */
export async function runCached(supergraph: Supergraph, operation: Operation, context: GatewayContext, options: RunOptions, exchange: Exchange): Promise<Answer> {
  const { cache } = exchange;
  const policy = cache && cachePolicy(supergraph, operation);
  const key = policy && cache?.keyOf(supergraph, operation, context, policy);
  if (cache === undefined || policy === undefined || key === undefined) return runAuthorised(supergraph, operation, context, { ...options, cache });

  // A client can be told of no change, and a list changes with every one of its things: it is kept here alone.
  const found = cache.find(key);
  if (typeof found === 'object') {
    if (!policy.grows) exchange.kept = found;
    return { data: found.data, errors: [] };
  }
  const answer = await runAuthorised(supergraph, operation, context, options);
  const seconds = answer.data !== undefined && answer.errors.length === 0 && answer.later === undefined ? cache.keep(key, answer.data, found, policy, context, answer.holdsMs) : 0;
  if (seconds > 0 && !policy.grows) exchange.kept = { seconds, ageSeconds: 0 };
  return answer;
}
