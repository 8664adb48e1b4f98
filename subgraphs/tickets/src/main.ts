import { runSubgraph } from '@quanyu/subgraph';
import { readEnvironment } from './environment.js';
import { tickets } from './subgraph.js';

await runSubgraph(tickets, readEnvironment);
