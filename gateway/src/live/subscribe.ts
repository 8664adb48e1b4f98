import { GraphQLError, type ExecutionResult } from 'graphql';
import type { GatewayContext } from '../context.js';
import { fromSubgraph } from '../execute/faults.js';
import type { Answer } from '../execute/answer.js';
import { runProgram } from '../execute/run.js';
import { liveEvents, operationLabel } from '../metrics.js';
import { variablesOf, type Operation } from '../plan/operation.js';
import { prepareOperation, programOf } from '../plan/prepare-operation.js';
import { authorise } from '../rights/authorise.js';
import type { LiveMark, LiveRequest } from '../sources/live-mark.js';
import type { Supergraph } from '../supergraph.js';
import { isStream, mapEvents } from './map-events.js';

/** One thing that a live field tells: an answer, a mark of its place, or both. */
export interface LiveEvent { readonly answer: Answer | null; readonly mark: LiveMark | undefined }

/** The events of a live field, or the one result that says why there are none. */
export type Opened = AsyncIterableIterator<LiveEvent> | ExecutionResult;

/**
 * Subscribes across subgraphs: the owner of the root field yields events, and each event runs the rest of the plan.
 * What the viewer may not see is taken out before, and null in every event.
 *
 * An event is the answer to the first fetch of the plan, so aliases, nulls and error paths come out as in a query.
 */
export async function openEvents(supergraph: Supergraph, whole: Operation, context: GatewayContext, live: LiveRequest): Promise<Opened> {
  const { values, errors } = variablesOf(supergraph, whole);
  if (errors.length > 0) return { errors };
  const authorised = authorise(supergraph, whole, context.viewer);
  if (authorised.kind === 'refused') return { data: null, errors: authorised.errors };
  const { operation, restore } = authorised;
  const prepared = prepareOperation(supergraph, operation);
  const program = programOf(supergraph, prepared, values);
  const [primary] = program.steps;
  const owner = primary && supergraph.sources.get(primary.subgraph);
  if (primary === undefined || owner === undefined) throw new Error('the plan of a subscription has no owner');

  const variables = Object.fromEntries(primary.variables.filter((name) => operation.variables[name] !== undefined).map((name) => [name, operation.variables[name]]));
  const events = await owner.subscribe({ ...primary.request, variables, live }, context);
  if (!isStream(events)) return { ...events, errors: events.errors?.map((error) => fromSubgraph(error, primary.subgraph)) };

  const label = operationLabel(operation.definition.name?.value);
  return mapEvents(events, async (event): Promise<LiveEvent> => {
    const mark = event.extensions?.['live'] as LiveMark | undefined;
    if (mark !== undefined && mark.phase !== 'change' && mark.phase !== 'current') return { answer: null, mark };
    liveEvents.add({ operation: label });
    try {
      return { answer: restore(await runProgram(supergraph, operation, program, { ...context }, {}, event)), mark };
    } catch (error) {
      // One event that could not be completed does not end the stream.
      return { answer: { data: 'null', errors: [new GraphQLError('the event could not be completed', { originalError: error as Error })] }, mark };
    }
  });
}
