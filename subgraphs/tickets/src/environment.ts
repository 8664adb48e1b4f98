import { readSubgraphSettings, type SubgraphSettings } from '@quanyu/subgraph';

/** Settings of a process of this subgraph when it runs alone. */
export const readEnvironment = (): SubgraphSettings => readSubgraphSettings('tickets', process.env);
