import { GraphQLError, type ExecutionResult } from 'graphql';

// graphql-js reports input that a scalar refused without a code; the gateway cannot check scalars it only knows by name.
const REFUSED_INPUT = /^(?:Variable "\$\w+"|Argument "\w+") /;

/** Gives errors of a subgraph the extensions that the gateway tells clients by: `code`, and `messages` of our own errors. */
export function presentable(result: ExecutionResult): ExecutionResult {
  return result.errors === undefined ? result : { ...result, errors: result.errors.map(withCode) };
}

function withCode(error: GraphQLError): GraphQLError {
  const extensions = extensionsOf(error);
  if (extensions === undefined) return error;
  const { message, nodes, source, positions, path, originalError } = error;
  return new GraphQLError(message, { nodes, source, positions, path, originalError, extensions: { ...error.extensions, ...extensions } });
}

function extensionsOf(error: GraphQLError): Record<string, unknown> | undefined {
  if (error.extensions['code'] !== undefined) return undefined;
  const own = error.originalError as { code?: unknown; messages?: unknown } | undefined;
  if (typeof own?.code === 'string' && typeof own.messages === 'object') return { code: own.code, messages: own.messages };
  const thrownByResolver = own !== undefined && !(own instanceof GraphQLError);
  return !thrownByResolver && REFUSED_INPUT.test(error.message) ? { code: 'BAD_USER_INPUT' } : undefined;
}
