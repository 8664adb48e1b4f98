import type { ApolloServerOptionsWithGateway, BaseContext } from '@apollo/server';
import { GraphQLError, type DocumentNode, type ExecutionResult, type GraphQLSchema } from 'graphql';
import { BoundedMap } from '../bounded-map.js';
import type { Supergraph } from '../supergraph.js';
import { JsonText, type HttpContext } from '../http/exchange.js';
import { isStream } from '../live/map-events.js';
import { resumeAfter } from '../live/resume-after.js';
import { runCached } from '../cache/run-cached.js';
import { chooseOperation, type Operation } from './operation.js';
import { refusal } from '../errors.js';

type GatewayInterface = ApolloServerOptionsWithGateway<BaseContext>['gateway'];
type GatewayExecutionResult = ExecutionResult<Record<string, unknown>>;
type Listener = Parameters<GatewayInterface['onSchemaLoadOrUpdate']>[0];

/** What Apollo Server talks to: the current supergraph, which can be replaced while it runs. */
export interface ServedGraph {
  readonly gateway: GatewayInterface;
  current(): Supergraph;
  /** The document of a text that Apollo Server has parsed and validated for the current supergraph. */
  passed(source: string): DocumentNode | undefined;
  /** Runs an operation of such a document, as Apollo Server would have it run. */
  run(operation: Operation, context: HttpContext, extensions: unknown): Promise<GatewayExecutionResult>;
  swap(next: Supergraph): void;
}

/** Of documents that Apollo Server remembers too; enough for those that clients ask with again and again. */
const MOST_CHARACTERS_PASSED = 512 * 1024;

/** Serves a supergraph to Apollo Server. An operation runs on the supergraph that it was validated against. */
export function serveGraph(first: Supergraph): ServedGraph {
  let current = first;
  const bySchema = new WeakMap<GraphQLSchema, Supergraph>([[first.apiSchema, first]]);
  const passed = new BoundedMap<string, DocumentNode>(MOST_CHARACTERS_PASSED, Infinity, (_document, source) => source.length);
  const listeners = new Set<Listener>();
  const announce = (): void => {
    for (const listener of listeners) listener({ apiSchema: current.apiSchema, coreSupergraphSdl: current.sdl });
  };

  const gateway: GatewayInterface = {
    onSchemaLoadOrUpdate(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async load() {
      announce();
      return {
        executor: async ({ schema, source, document, request, context }) => {
          const supergraph = bySchema.get(schema) ?? current;
          if (supergraph === current) passed.set(source, document);
          const operation = chooseOperation(source, document, request.operationName, request.variables);
          if (operation instanceof GraphQLError) return { errors: [operation] };
          return run(supergraph, operation, context as HttpContext, request.extensions);
        },
      };
    },
    stop: () => Promise.resolve(),
  };

  return {
    gateway,
    current: () => current,
    passed: (source) => passed.get(source),
    run: (operation, context, extensions) => run(current, operation, context, extensions),
    swap(next) {
      bySchema.set(next.apiSchema, next);
      current = next;
      passed.clear();
      announce();
    },
  };
}

/** Runs an operation; what is more than one answer goes to the exchange, since the server takes only single ones. */
async function run(supergraph: Supergraph, operation: Operation, context: HttpContext, extensions: unknown): Promise<GatewayExecutionResult> {
  const { exchange } = context;
  const { accepts, waiting } = exchange;
  const charge = await exchange.charge?.(supergraph, operation).catch((refused: unknown) => {
    exchange.refused = refused;
    return null;
  });
  if (charge === null) return { errors: [] };
  if (operation.definition.operation === 'subscription' && (accepts.events || accepts.subscriptionParts)) {
    const after = resumeAfter(extensions);
    if (after === null) return { errors: [refusal('CURSOR_INVALID')] };
    const events = await exchange.subscribe(supergraph, operation, after);
    if (!isStream(events)) return { ...events };
    exchange.events = events;
    return { data: {} };
  }
  const { data, errors, later } = await runCached(supergraph, operation, context, { incremental: accepts.parts, waiting }, exchange);
  if (later !== undefined) exchange.later = later;
  const cost = charge !== undefined && (charge.told || asksForCost(extensions)) ? { extensions: { cost: await charge.settle(later === undefined && data !== undefined ? JSON.parse(data) : undefined) } } : {};
  return { ...cost, ...(errors.length === 0 ? {} : { errors }), ...(data === undefined ? {} : { data: new JsonText(data) as unknown as Record<string, unknown> }) };
}

/** Whoever has no bucket of points may ask what an operation costs, as developers do. */
const asksForCost = (extensions: unknown): boolean => (extensions as { readonly cost?: unknown } | null | undefined)?.cost === true;
