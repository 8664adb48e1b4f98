export { createAuthenticator, type Authenticated, type Authenticator, type AuthenticatorOptions, type Credentials, type GatewayIssuer, type Identity } from './authenticator.js';
export type { GatewayContext } from './context.js';
export type { ExplorerExample } from './explorer/routes.js';
export { createGateway, type GatewayOptions, type RunningGateway } from './gateway.js';
export type { Language } from './language.js';
export { inProcessSource, type InProcessSubgraph } from './sources/in-process.js';
export type { Patience, SubgraphRequest, SubgraphSource } from './sources/source.js';
export { claimsOf, readExamples, RIGHTS_ANNOUNCEMENTS } from './run-gateway.js';
export { gatewayTable } from './environment.js';
