import { setImmediate as nextTurn } from 'node:timers/promises';
import { GraphQLError, Kind } from 'graphql';
import { log } from '@quanyu/telemetry';
import type { Supergraph } from '../supergraph.js';
import { chooseOperation, type Operation } from './operation.js';
import type { Prepared } from './prepare-document.js';
import { prepareOperation, programOf } from './prepare-operation.js';

/** An operation as somebody has written it. */
export interface Written { readonly source: string; readonly operationName?: string | undefined; /** The client takes parts later. */ readonly incremental?: boolean }

const LONGEST_MILLISECONDS = 5_000;
const MOST = 500;

/** The operations that a supergraph has plans for, those used last first. */
export const plannedOf = ({ plans }: Supergraph): Written[] => [...plans.keys()].reverse().map((key) => {
  const end = key.indexOf('\n');
  const incremental = key.startsWith('@');
  return { incremental, operationName: key.slice(incremental ? 1 : 0, end) || undefined, source: key.slice(end + 1) };
});

/** Every operation of a document. */
export function operationsIn(source: string, prepared: Prepared): Written[] {
  if (!('kind' in prepared)) return [];
  return prepared.definitions.flatMap((definition) => (definition.kind === Kind.OPERATION_DEFINITION ? [{ source, operationName: definition.name?.value }] : []));
}

/**
 * Plans operations before anybody asks for them, one a turn, so that others are served meanwhile; what is not done in
 * five seconds is planned when it is asked for. Conditions are taken as they are without values.
 */
export async function warmUp(supergraph: Supergraph, operations: readonly Written[], prepare: (supergraph: Supergraph, source: string) => Prepared): Promise<void> {
  const until = performance.now() + LONGEST_MILLISECONDS;
  for (const { source, operationName, incremental } of operations.slice(0, MOST)) {
    if (performance.now() > until) return;
    const document = prepare(supergraph, source);
    const operation = 'kind' in document ? chooseOperation(source, document, operationName, {}) : undefined;
    if (operation !== undefined && !(operation instanceof GraphQLError)) planAhead(supergraph, operation, incremental);
    await nextTurn();
  }
}

/** Plans and compiles an operation, and runs nothing. What cannot be planned is told to whoever asks for it. */
export function planAhead(supergraph: Supergraph, operation: Operation, incremental = false): void {
  try {
    programOf(supergraph, prepareOperation(supergraph, operation, incremental), {});
  } catch (error) {
    log.warn('an operation could not be planned ahead', { error });
  }
}
