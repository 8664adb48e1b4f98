import type { ExecutionResult } from 'graphql';
import type { GatewayContext } from '../context.js';
import type { Answer } from '../execute/answer.js';
import { runOperation, type RunOptions } from '../execute/run.js';
import type { Operation } from '../plan/operation.js';
import type { Supergraph } from '../supergraph.js';
import { authorise } from './authorise.js';

/** Runs what the viewer may see of a query or a mutation; the rest is null with an error that says which right is missing. */
export async function runAuthorised(supergraph: Supergraph, operation: Operation, context: GatewayContext, options: RunOptions = {}): Promise<Answer> {
  const authorised = authorise(supergraph, operation, context.viewer);
  if (authorised.kind === 'refused') return { data: 'null', errors: authorised.errors };
  if (authorised.operation === operation) return runOperation(supergraph, operation, context, options);
  // Nulls are put back into one answer, so nothing comes later.
  return authorised.restore(await runOperation(supergraph, authorised.operation, context, { ...options, incremental: false }));
}

/** An answer as an object, for whoever does not want its text. */
export function asResult({ data, errors }: Answer): ExecutionResult {
  return { ...(errors.length === 0 ? {} : { errors }), ...(data === undefined ? {} : { data: JSON.parse(data) as Record<string, unknown> | null }) };
}
