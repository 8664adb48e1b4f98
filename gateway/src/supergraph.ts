import { Supergraph as ComposedSupergraph, type Schema } from '@apollo/federation-internals';
import { QueryPlanner, type QueryPlan } from '@apollo/query-planner';
import type { GraphQLSchema } from 'graphql';
import { BoundedMap } from './bounded-map.js';
import type { SubgraphSource } from './sources/source.js';

/** One composed graph, ready to be asked. Immutable: a new composition is a new object, and what runs finishes on the old one. */
export interface Supergraph {
  readonly sdl: string;
  /** What clients see. */
  readonly apiSchema: GraphQLSchema;
  /** The same for the planner, which has a schema model of its own. */
  readonly planningSchema: Schema;
  /** With the joins between subgraphs. */
  readonly fullSchema: GraphQLSchema;
  readonly queryPlanner: QueryPlanner;
  readonly sources: ReadonlyMap<string, SubgraphSource>;
  readonly plans: BoundedMap<string, QueryPlan>;
}

const REMEMBERED_PLANS = 1_000;

/**
 * Loads a composed SDL and ties each of its subgraphs to a source.
 *
 * `ApolloGateway` itself is not used: it sends telemetry to Apollo unless an environment variable forbids it,
 * shows plans to clients by a header outside production, and keeps its planner to itself, which live queries need.
 * @throws Error when the SDL is no supergraph, or names a subgraph without a source.
 */
export function loadSupergraph(sdl: string, sources: readonly SubgraphSource[]): Supergraph {
  const composed = ComposedSupergraph.build(sdl, { validateSupergraph: true });
  const byName = new Map(sources.map((source) => [source.name, source]));
  const missing = composed.subgraphsMetadata().map(({ name }) => name).filter((name) => !byName.has(name));
  if (missing.length > 0) throw new Error(`No source for the subgraphs: ${missing.join(', ')}`);
  const planningSchema = composed.apiSchema();
  return {
    sdl,
    apiSchema: planningSchema.toGraphQLJSSchema(),
    planningSchema,
    fullSchema: composed.schema.toGraphQLJSSchema(),
    queryPlanner: new QueryPlanner(composed),
    sources: byName,
    plans: new BoundedMap(REMEMBERED_PLANS),
  };
}
