import { runSubgraph } from '@quanyu/subgraph';
import { readEnvironment } from './environment.js';
import { catalog } from './subgraph.js';

await runSubgraph(catalog, readEnvironment);
