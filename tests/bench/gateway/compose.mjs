import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { LINK, SUBGRAPHS, TYPES } from './world.mjs';

/** The supergraph, with an address for each subgraph. */
export function supergraphSdl(addresses) {
  const { supergraphSdl: sdl, errors } = composeServices(SUBGRAPHS.map((name) => ({ name, url: `${addresses[name]}/graphql`, typeDefs: parse(LINK + TYPES[name]) })));
  if (sdl === undefined) throw new Error(String(errors));
  return sdl;
}
