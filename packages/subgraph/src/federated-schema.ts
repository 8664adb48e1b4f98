import { buildSubgraphSchema } from '@apollo/subgraph';
import { printSchemaWithDirectives } from '@graphql-tools/utils';
import { parse, print, type GraphQLSchema } from 'graphql';
import { buildSchemaSync, createResolversMap } from 'type-graphql';
import { withContract } from './contract.js';
import type { SubgraphDefinition } from './definition.js';
import { withDirectResolvers } from './direct-resolvers.js';

const FEDERATION = `extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.9", import: [
    "@key", "@shareable", "@external", "@requires", "@provides", "@override", "@tag", "@inaccessible",
    "@authenticated", "@requiresScopes", "@policy", "@cost", "@listSize", "@composeDirective"
  ])
  @link(url: "https://quanyu.dev/cache/v1.0", import: ["@cacheControl"])
  @composeDirective(name: "@cacheControl")

"""How many seconds an answer may be kept, for all who have the same rights, or for its viewer alone."""
directive @cacheControl(maxAge: Int!, private: Boolean = false) on FIELD_DEFINITION | OBJECT
`;

/** A subgraph's schema with its entity resolvers, ready to be served, and its SDL, ready to be composed. */
export interface FederatedSchema { readonly schema: GraphQLSchema; readonly sdl: string }

/** Builds the federation schema from the type-graphql classes of a definition. */
export function federatedSchema(definition: Pick<SubgraphDefinition, 'resolvers' | 'references' | 'contract'>): FederatedSchema {
  const plain = buildSchemaSync({
    resolvers: definition.resolvers as never,
    validate: false,
    // Federation's directives are only known after composition.
    skipCheck: true,
    pubSub: NO_PUBSUB,
  });
  const document = withContract(parse(printSchemaWithDirectives(plain)), definition.contract ?? {});
  const sdl = `${FEDERATION}${print(document)}\n`;
  const resolvers = createResolversMap(plain) as Record<string, Record<string, unknown>>;
  withDirectResolvers(resolvers, definition.resolvers);
  for (const [type, resolve] of Object.entries(definition.references)) {
    resolvers[type] = { ...resolvers[type], __resolveReference: resolve };
  }
  return { schema: buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers: resolvers as never }]), sdl };
}

/** Live fields bring their own stream; type-graphql only wants to see that some pub/sub is there. */
const NO_PUBSUB = {
  publish(): void { throw new Error('Events are recorded, not published'); },
  subscribe(): never { throw new Error('Live fields follow the event log'); },
};
