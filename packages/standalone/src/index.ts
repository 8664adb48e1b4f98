export { contractSchema } from '@quanyu/gateway';
export { readEnvironment, type Environment } from './environment.js';
export { Progress } from './progress.js';
export { startStandalone, type Standalone } from './start.js';
export { subgraphs } from './subgraphs.js';
