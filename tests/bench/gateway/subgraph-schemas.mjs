import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import { LINK, RESOLVERS, SUBGRAPHS, TYPES } from './world.mjs';

/** The executable schema of each subgraph. */
export const subgraphSchemas = () => Object.fromEntries(SUBGRAPHS.map((name) => [name, buildSubgraphSchema([{ typeDefs: parse(LINK + TYPES[name]), resolvers: RESOLVERS[name] }])]));
