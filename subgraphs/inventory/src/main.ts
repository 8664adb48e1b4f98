import { runSubgraph } from '@quanyu/subgraph';
import { readEnvironment } from './environment.js';
import { inventory } from './subgraph.js';

await runSubgraph(inventory, readEnvironment);
