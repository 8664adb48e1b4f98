import { runSubgraph } from '@quanyu/subgraph';
import { readEnvironment } from './environment.js';
import { finance } from './subgraph.js';

await runSubgraph(finance, readEnvironment);
