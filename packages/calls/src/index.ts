export { defineCall, type CallDefinition } from './define-call.js';
export { InProcessCalls, answer, type CallHandler, type Calls } from './registry.js';

export { createTenant } from './access/create-tenant.js';
export { resolveViewer } from './access/resolve-viewer.js';
export { parkedEventsOf, replayParkedEventIn } from './parked-events.js';

export { makeServiceKey, readPrivateKey, readPublicKeys, ServiceKeyError, serviceKeys, type ServiceKeys, type ServiceKeyTexts } from './service/keys.js';
export { privateKeySetting, publicKeysSetting, serviceKeyVariable, serviceUrls, type ServiceUrls } from './service/settings.js';
export { ServiceTokenError, ServiceTokens } from './service/tokens.js';
