import type { ExecutionResult } from 'graphql';
import type { GatewayContext } from '../context.js';
import type { CompiledStep } from '../execute/program.js';
import { holdsMsOf, type SubgraphRequest } from '../sources/source.js';
import type { Supergraph } from '../supergraph.js';
import type { AnswerCache } from './answer-cache.js';
import { cachePolicy } from './cache-policy.js';

/**
 * Fetches for a plan, or gives what is kept: of an answer that may not be kept as a whole, say products beside their
 * stock, the part that may is not asked for again. Only what asks the root type is kept: entities come in ever other sets.
 */
export async function runFetch(cache: AnswerCache, supergraph: Supergraph, step: CompiledStep, request: SubgraphRequest, context: GatewayContext, fetch: () => Promise<ExecutionResult>): Promise<ExecutionResult> {
  const { subgraph, root, kind } = step;
  // Even one that fails may have changed something.
  if (kind === 'mutation') return fetch().finally(() => cache.changed(subgraph, context.viewer.claims.tenantId));
  const policy = root && cachePolicy(supergraph, { definition: root.operation, document: request.document });
  const key = policy && cache.keyOf(supergraph, { subgraph, source: request.query, variables: request.variables ?? {} }, context, policy);
  if (policy === undefined || key === undefined) return fetch();

  const found = cache.find(key, 'fetch');
  // As text, since whoever runs the plan builds the answer into what was fetched.
  if (typeof found === 'object') return { data: JSON.parse(found.data) as Record<string, unknown> };
  const result = await fetch();
  if (result.data !== null && result.data !== undefined && result.errors === undefined) cache.keep(key, JSON.stringify(result.data), found, policy, context, holdsMsOf(result));
  return result;
}
