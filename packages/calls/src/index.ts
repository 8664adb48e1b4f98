export { defineCall, type CallDefinition } from './define-call.js';
export { InProcessCalls, answer, type CallHandler, type Calls } from './registry.js';

export { createTenant } from './access/create-tenant.js';
export { resolveViewer } from './access/resolve-viewer.js';
export { parkedEventsOf, replayParkedEventIn } from './parked-events.js';
