import { GraphQLError, type ExecutionResult } from 'graphql';
import type { GatewayContext } from '../context.js';
import { fromSubgraph } from '../execute/faults.js';
import { runProgram, type Answer } from '../execute/run.js';
import { variablesOf, type Operation } from '../plan/operation.js';
import { prepareOperation, programOf } from '../plan/prepare-operation.js';
import type { LiveMark, LiveRequest } from '../sources/source.js';
import type { Supergraph } from '../supergraph.js';
import { isStream, mapEvents } from './map-events.js';

/** One thing that a live field tells: an answer, a mark of its place, or both. */
export interface LiveEvent { readonly result: ExecutionResult | null; readonly mark: LiveMark | undefined }

/** The events of a live field, or the one result that says why there are none. */
export type Opened = AsyncIterableIterator<LiveEvent> | ExecutionResult;

/**
 * Subscribes across subgraphs: the owner of the root field yields events, and each event runs the rest of the plan.
 *
 * An event is the answer to the first fetch of the plan, so aliases, nulls and error paths come out as in a query.
 */
export async function openEvents(supergraph: Supergraph, operation: Operation, context: GatewayContext, live: LiveRequest): Promise<Opened> {
  const { values, errors } = variablesOf(supergraph, operation);
  if (errors.length > 0) return { errors };
  const prepared = prepareOperation(supergraph, operation);
  const program = programOf(supergraph, prepared, values);
  const [primary] = program.steps;
  const owner = primary && supergraph.sources.get(primary.subgraph);
  if (primary === undefined || owner === undefined) throw new Error('the plan of a subscription has no owner');

  const variables = Object.fromEntries(primary.variables.filter((name) => operation.variables[name] !== undefined).map((name) => [name, operation.variables[name]]));
  const events = await owner.subscribe({ ...primary.request, variables, live }, context);
  if (!isStream(events)) return { ...events, errors: events.errors?.map((error) => fromSubgraph(error, primary.subgraph)) };

  return mapEvents(events, async (event): Promise<LiveEvent> => {
    const mark = event.extensions?.['live'] as LiveMark | undefined;
    if (mark !== undefined && mark.phase !== 'change' && mark.phase !== 'current') return { result: null, mark };
    try {
      return { result: asResult(await runProgram(supergraph, operation, prepared, program, { ...context }, {}, event)), mark };
    } catch (error) {
      // One event that could not be completed does not end the stream.
      return { result: { data: null, errors: [new GraphQLError('the event could not be completed', { originalError: error as Error })] }, mark };
    }
  });
}

/** An answer as an object, for whoever does not want its text. */
export function asResult({ data, errors }: Answer): ExecutionResult {
  return { ...(errors.length === 0 ? {} : { errors }), ...(data === undefined ? {} : { data: JSON.parse(data) as Record<string, unknown> | null }) };
}
