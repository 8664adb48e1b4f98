import { DEFAULT_SUPPORTED_SUPERGRAPH_FEATURES, Supergraph as ComposedSupergraph } from '@apollo/federation-internals';
import { QueryPlanner } from '@apollo/query-planner';
import { isInterfaceType, isObjectType, type GraphQLSchema } from 'graphql';
import { BoundedMap } from './bounded-map.js';
import { SubgraphGuard } from './execute/guard.js';
import { SharedReads } from './execute/shared-reads.js';
import { entityKeysOf } from './plan/entity-keys.js';
import { weightOf, type PlanningGraph } from './plan/prepare-operation.js';
import { withDistinctRequires } from './plan/required-arguments.js';
import type { SubgraphSource } from './sources/source.js';

/** One composed graph, ready to be asked. Immutable: a new composition is a new object, and what runs finishes on the old one. */
export interface Supergraph extends PlanningGraph {
  readonly sdl: string;
  readonly sources: ReadonlyMap<string, SubgraphSource>;
  readonly guards: ReadonlyMap<string, SubgraphGuard>;
  /** Set where equal queries may be one. */
  readonly reads: SharedReads | undefined;
}

const SUBGRAPH_MILLISECONDS = 5_000;
const MOST_BYTES_OF_PLANS = 64 * 1024 * 1024;

/** Rights are enforced here (`rights/`), so a supergraph that states some may be served. */
const SUPPORTED = new Set([
  ...DEFAULT_SUPPORTED_SUPERGRAPH_FEATURES,
  'https://specs.apollo.dev/authenticated/v0.1', 'https://specs.apollo.dev/requiresScopes/v0.1', 'https://specs.apollo.dev/policy/v0.1',
]);

/**
 * Loads a composed SDL and ties each of its subgraphs to a source.
 *
 * `ApolloGateway` itself is not used: it sends telemetry to Apollo unless an environment variable forbids it,
 * shows plans to clients by a header outside production, and keeps its planner to itself, which live queries need.
 * @throws Error when the SDL is no supergraph, or names a subgraph without a source.
 */
export function loadSupergraph(sdl: string, sources: readonly SubgraphSource[], { shareReads = false }: { readonly shareReads?: boolean | undefined } = {}): Supergraph {
  const composed = ComposedSupergraph.build(sdl, { validateSupergraph: true, supportedFeatures: SUPPORTED });
  const byName = new Map(sources.map((source) => [source.name, source]));
  const missing = composed.subgraphsMetadata().map(({ name }) => name).filter((name) => !byName.has(name));
  if (missing.length > 0) throw new Error(`No source for the subgraphs: ${missing.join(', ')}`);
  const distinct = withDistinctRequires(sdl);
  const planned = distinct.required.size === 0 ? composed : ComposedSupergraph.build(distinct.sdl, { validateSupergraph: false, supportedFeatures: SUPPORTED });
  const fullSchema = planned.schema.toGraphQLJSSchema();
  return {
    sdl,
    apiSchema: composed.apiSchema().toGraphQLJSSchema({ includeDefer: true }),
    planningSchema: planned.apiSchema(),
    fullSchema,
    // Fragments of the client are not carried over: a plan without them is made faster and compiled simpler.
    queryPlanner: new QueryPlanner(planned, { reuseQueryFragments: false, incrementalDelivery: { enableDefer: true } }),
    distinct,
    keys: entityKeysOf(distinct.sdl),
    suffix: freeSuffix(fullSchema),
    sources: byName,
    guards: new Map(sources.map((source) => [source.name, new SubgraphGuard(source, { timeoutMilliseconds: SUBGRAPH_MILLISECONDS })])),
    reads: shareReads ? new SharedReads() : undefined,
    plans: new BoundedMap(MOST_BYTES_OF_PLANS, Infinity, weightOf),
  };
}

function freeSuffix(schema: GraphQLSchema): string {
  const names = Object.values(schema.getTypeMap()).flatMap((type) => (isObjectType(type) || isInterfaceType(type) ? Object.keys(type.getFields()) : []));
  let suffix = '_q';
  while (names.some((name) => new RegExp(`${suffix}\\d+$`).test(name))) suffix += 'q';
  return suffix;
}
