import { log } from '@quanyu/telemetry';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';

/** Codes by which the gateway tells a client that its input was wrong, or knows that its own plan was. */
const FAULTS_OF_THE_ASKER = new Set(['BAD_USER_INPUT', 'GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'OPERATION_RESOLUTION_FAILURE']);

/**
 * An error as it goes to the gateway: our own with code and texts, faults of the input with theirs. Of an accident only
 * that there was one: what it says may quote a row, and is logged here.
 */
export function wireError(thrown: unknown, subgraph: string): GraphQLFormattedError {
  const error = thrown instanceof GraphQLError ? thrown : new GraphQLError('Internal error', { originalError: thrown as Error });
  const { message, extensions } = error;
  const path = error.path === undefined ? {} : { path: error.path };
  const { code, messages } = (extensions['messages'] === undefined ? error.originalError ?? {} : extensions) as { code?: unknown; messages?: unknown };
  if (typeof code === 'string' && typeof messages === 'object') return { message, ...path, extensions: { ...extensions, code, messages } };
  if (FAULTS_OF_THE_ASKER.has(String(extensions['code']))) return { message, ...path, extensions: { code: extensions['code'] } };
  log.error('a field failed', { subgraph, error: error.originalError ?? error });
  return { message: 'Internal error', ...path, extensions: { code: 'INTERNAL_SERVER_ERROR' } };
}
