import { BoundedMap } from '../bounded-map.js';
import { SharedReads } from '../execute/shared-reads.js';
import { weightOf } from '../plan/prepare-operation.js';
import type { Supergraph } from '../supergraph.js';
import { contractSchema } from './contract-schema.js';

const MOST_BYTES_OF_PLANS = 16 * 1024 * 1024;

/**
 * The same graph as partners see it: their documents are parsed, validated and introspected against the contract, so
 * what is hidden answers as what was never there; what runs is planned on the whole graph.
 */
export const publicGraph = (supergraph: Supergraph): Supergraph => ({
  ...supergraph,
  apiSchema: contractSchema(supergraph.sdl, supergraph.apiSchema),
  // The same text may mean less here.
  reads: supergraph.reads && new SharedReads(),
  plans: new BoundedMap(MOST_BYTES_OF_PLANS, Infinity, weightOf),
});
