// A small composed graph for the tests of the executor. It ends in .test.ts because its tools are no part of the
// product; the one test below runs again in each file that imports it.
import { composeServices } from '@apollo/composition';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { expect, it } from '@jest/globals';
import { Viewer } from '@quanyu/viewer';
import { GraphQLError, parse, validate, type ExecutionResult } from 'graphql';
import type { GatewayContext } from '../context.js';
import { chooseOperation } from '../plan/operation.js';
import { inProcessSource } from '../sources/in-process.js';
import type { Patience, SubgraphRequest, SubgraphSource } from '../sources/source.js';
import { loadSupergraph, type Supergraph } from '../supergraph.js';
import type { Part } from './answer.js';
import { runOperation } from './run.js';

export const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: [
  "@key", "@shareable", "@external", "@requires", "@provides", "@override", "@interfaceObject", "@inaccessible"])\n`;

export interface Subgraph { readonly types: string; readonly resolvers: Record<string, unknown> }

export interface Told { readonly data: unknown; readonly errors: readonly { readonly message: string; readonly path?: readonly unknown[]; readonly code: unknown; readonly missing?: unknown }[]; readonly later: readonly Part[] }

export interface SmallGraph {
  readonly supergraph: Supergraph;
  readonly fetches: (SubgraphRequest & { readonly subgraph: string })[];
  ask(query: string, variables?: Record<string, unknown>, incremental?: boolean): Promise<Told>;
}

export const CONTEXT: GatewayContext = { viewer: Viewer.anonymous, requestId: 'req_test', language: 'en' };

type Change = (source: SubgraphSource) => SubgraphSource;

/** Composes subgraphs; `change` may put something around a source. */
export function smallGraph(subgraphs: Record<string, Subgraph>, change: Record<string, Change> = {}): SmallGraph {
  const { supergraphSdl, errors } = composeServices(Object.entries(subgraphs).map(([name, { types }]) => ({ name, url: `http://${name}.internal`, typeDefs: parse(LINK + types) })));
  if (supergraphSdl === undefined) throw new Error(String(errors));
  const fetches: SmallGraph['fetches'] = [];
  const invalid: string[] = [];
  const sources = Object.entries(subgraphs).map(([name, { types, resolvers }]) => {
    const schema = buildSubgraphSchema([{ typeDefs: parse(LINK + types), resolvers: resolvers as never }]);
    const plain = inProcessSource({ name, schema, contextFor: (context) => context });
    const source = change[name]?.(plain) ?? plain;
    return {
      ...source,
      execute: (request: SubgraphRequest, context: GatewayContext, patience: Patience): Promise<ExecutionResult> => {
        // What the planner wrote has to be right even though nobody checks it again.
        const faults = validate(schema, request.document);
        if (faults.length > 0) invalid.push(`${name}: ${request.query}: ${String(faults[0])}`);
        fetches.push({ ...request, subgraph: name });
        return source.execute(request, context, patience);
      },
    };
  });
  const supergraph = loadSupergraph(supergraphSdl, sources);
  return {
    supergraph, fetches,
    async ask(query, variables = {}, incremental = false) {
      fetches.length = 0;
      const document = parse(query);
      const faults = validate(supergraph.apiSchema, document);
      if (faults.length > 0) throw faults[0] as Error;
      const operation = chooseOperation(query, document, undefined, variables);
      if (operation instanceof GraphQLError) throw operation;
      const answer = await runOperation(supergraph, operation, CONTEXT, { incremental });
      if (invalid.length > 0) throw new Error(`invalid fetches: ${invalid.splice(0).join('\n')}`);
      const later: Part[] = [];
      if (answer.later !== undefined) for await (const parts of answer.later) later.push(...parts);
      return {
        data: answer.data === undefined ? undefined : JSON.parse(answer.data) as unknown, later,
        errors: answer.errors.map(({ message, path, extensions }) => ({ message, path, code: extensions['code'], ...(extensions['missing'] === undefined ? {} : { missing: extensions['missing'] }) })),
      };
    },
  };
}

/** Resolves references by an id out of a list. */
export const byKey = <T extends object>(list: readonly T[], key: keyof T & string) => ({ __resolveReference: (reference: T) => list.find((item) => item[key] === reference[key]) ?? null });

it('composes a small graph', async () => {
  const { ask } = smallGraph({ one: { types: 'type Query { one: Int }', resolvers: { Query: { one: () => 1 } } } });
  expect(await ask('{ one }')).toEqual({ data: { one: 1 }, errors: [], later: [] });
});
