import { runSubgraph } from '@quanyu/subgraph';
import { readEnvironment } from './environment.js';
import { members } from './subgraph.js';

await runSubgraph(members, readEnvironment);
