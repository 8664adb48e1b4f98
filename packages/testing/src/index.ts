export { connectChannel, type ConnectedChannel } from './connect-channel.js';
export { probeSubgraph } from './probe-subgraph.js';
export { findRedis, startTestRedis, type TestRedis } from './redis-server.js';
export { SqlCounter } from './sql-counter.js';
export { createTestDatabase, type TestDatabase } from './test-database.js';
export { openTestSubgraph, staffOf, TEST_TENANT, testVault, type Answer, type Json, type TestSubgraph } from './test-subgraph.js';
export { SandboxStepUps } from './sandbox-step-ups.js';
export { SandboxPayments } from './sandbox-payments.js';
