import { inSpan, secondsSince } from '@quanyu/telemetry';
import type { ExecutionResult, GraphQLError } from 'graphql';
import type { AnswerCache } from '../cache/answer-cache.js';
import { runFetch } from '../cache/run-fetch.js';
import type { GatewayContext } from '../context.js';
import { refusal } from '../errors.js';
import { graphqlSeconds, operationLabel } from '../metrics.js';
import { programOf, prepareOperation } from '../plan/prepare-operation.js';
import { variablesOf, type Operation } from '../plan/operation.js';
import { holdsMsOf } from '../sources/source.js';
import type { Supergraph } from '../supergraph.js';
import type { Answer, Part } from './answer.js';
import { Completion, type Deferred } from './complete.js';
import { Execution, type Send } from './execution.js';
import { introspect } from './introspect.js';
import type { Program } from './program.js';
import { Waiting } from './waiting.js';

/** How an operation is run. */
export interface RunOptions {
  /** The client takes parts later. */
  readonly incremental?: boolean;
  readonly waiting?: Waiting;
  /** Where fetches are kept that may be. */
  readonly cache?: AnswerCache | undefined;
}

/** After so long nobody waits for any operation. */
export const OPERATION_MILLISECONDS = 10_000;

/** Runs a query or a mutation. */
export async function runOperation(supergraph: Supergraph, operation: Operation, context: GatewayContext, options: RunOptions = {}): Promise<Answer> {
  if (operation.definition.operation === 'subscription') return refused(refusal('SUBSCRIPTION_NEEDS_WEBSOCKET'));
  const labels = { operation: operationLabel(operation.definition.name?.value), kind: operation.definition.operation };
  const startedAt = performance.now();
  const answer = await inSpan(`${labels.kind} ${labels.operation}`, { fields: { requestId: context.requestId } }, async (): Promise<Answer> => {
    const { values, errors } = variablesOf(supergraph, operation);
    if (errors.length > 0) return { data: undefined, errors };
    const prepared = prepareOperation(supergraph, operation, options.incremental);
    const program = programOf(supergraph, prepared, values);
    const { reads } = supergraph;
    if (reads === undefined || options.incremental === true || operation.definition.operation !== 'query') return runProgram(supergraph, operation, program, context, options);
    const { waiting = new Waiting(OPERATION_MILLISECONDS) } = options;
    return reads.run(operation, context, waiting, (shared) => runProgram(supergraph, operation, program, context, { ...options, waiting: shared }));
  });
  graphqlSeconds.observe({ ...labels, outcome: answer.errors.length === 0 ? 'ok' : 'errors' }, secondsSince(startedAt));
  return answer;
}

/** Runs a program; `given` stands in the place of the first fetch's answer, as the event of a subscription does. */
export async function runProgram(
  supergraph: Supergraph, operation: Operation, program: Program, context: GatewayContext,
  { waiting = new Waiting(OPERATION_MILLISECONDS), cache }: RunOptions = {}, given?: ExecutionResult,
): Promise<Answer> {
  const introspected = introspect(supergraph.apiSchema, program.canonical, operation.variables);
  if (introspected.errors !== undefined) return { data: undefined, errors: introspected.errors };
  let holdsMs = Infinity;
  const send: Send = (step, request) => {
    if (given !== undefined && step.index === 0) return Promise.resolve(given);
    const guard = supergraph.guards.get(step.subgraph);
    if (guard === undefined) return Promise.reject(new Error('the plan names a subgraph that has no source'));
    const fetch = async (): Promise<ExecutionResult> => {
      const result = await guard.send(request, context, waiting, step.kind === 'query');
      holdsMs = Math.min(holdsMs, holdsMsOf(result));
      return result;
    };
    return cache === undefined ? fetch() : runFetch(cache, supergraph, step, request, context, fetch);
  };
  const later = new Later(waiting, introspected.data);
  const execution = await new Promise<Execution>((resolve) => {
    const running: Execution = new Execution(program, operation.variables, send, (block) => (block === null ? resolve(running) : later.arrived(block)));
    // The first part may be complete at once, when nothing has to be fetched.
    queueMicrotask(() => running.start());
  });
  const { root, faults, shared } = execution;
  const text = faults.any ? undefined : program.write(root, shared, introspected.data);
  if (text !== undefined) return { data: text, errors: [], ...(holdsMs !== Infinity && { holdsMs }) };
  const { data, errors, deferred } = new Completion(faults, introspected.data).complete(program.shape, root, program.rootType);
  const answer = { data: JSON.stringify(data), errors };
  if (deferred.length === 0) return answer;
  later.begin(execution, program, deferred);
  return { ...answer, later };
}

const refused = (error: GraphQLError): Answer => ({ data: undefined, errors: [error] });

/** The parts of an answer that come later, each as soon as its fetches are done. */
class Later implements AsyncIterableIterator<readonly Part[]> {
  readonly #arrived = new Set<string>();
  #waiting: Deferred[] = [];
  #execution: Execution | undefined;
  #program: Program | undefined;
  #wake: (() => void) | undefined;

  constructor(private readonly operation: Waiting, private readonly introspected: Record<string, unknown>) {}

  [Symbol.asyncIterator](): this {
    return this;
  }

  begin(execution: Execution, program: Program, deferred: readonly Deferred[]): void {
    this.#execution = execution;
    this.#program = program;
    this.#waiting = [...deferred];
  }

  arrived(block: string): void {
    this.#arrived.add(block);
    this.#wake?.();
  }

  async next(): Promise<IteratorResult<readonly Part[]>> {
    for (;;) {
      if (this.#waiting.length === 0) return { done: true, value: undefined };
      const ready = this.#waiting.filter(({ deferral: { label } }) => this.#arrived.has(label) || this.#program?.blocks.has(label) !== true);
      if (ready.length > 0) return { done: false, value: ready.map((deferred) => this.#complete(deferred)) };
      await new Promise<void>((resolve) => { this.#wake = resolve; });
    }
  }

  /** Whether more parts follow those that were given out. */
  get more(): boolean {
    return this.#waiting.length > 0;
  }

  return(): Promise<IteratorResult<readonly Part[]>> {
    this.#waiting = [];
    this.operation.end();
    this.#wake?.();
    return Promise.resolve({ done: true, value: undefined });
  }

  #complete(deferred: Deferred): Part {
    const { deferral, shape, object, type, path } = deferred;
    this.#waiting.splice(this.#waiting.indexOf(deferred), 1);
    const completed = new Completion((this.#execution as Execution).faults, this.introspected).complete(shape, object, type, path);
    this.#waiting.push(...completed.deferred);
    return { label: deferral.clientLabel, path, data: JSON.stringify(completed.data), errors: completed.errors };
  }
}
