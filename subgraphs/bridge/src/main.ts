import { runSubgraph } from '@quanyu/subgraph';
import { readEnvironment } from './environment.js';
import { bridge } from './subgraph.js';

await runSubgraph(bridge, readEnvironment);
