import { runSubgraph } from '@quanyu/subgraph';
import { readEnvironment } from './environment.js';
import { orders } from './subgraph.js';

await runSubgraph(orders, readEnvironment);
