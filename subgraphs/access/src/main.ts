import { runSubgraph } from '@quanyu/subgraph';
import { readEnvironment } from './environment.js';
import { access } from './subgraph.js';

await runSubgraph(access, readEnvironment);
