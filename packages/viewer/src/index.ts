export { AccessError, type Messages } from './errors.js';
export { HOUSE_SCOPES, ROLES, SCOPES, isScope, type RoleName, type Scope } from './scope.js';
export { Viewer, type ViewerClaims } from './viewer.js';
export { TokenError, verifyIdentity, type KeyLookup, type TrustedIssuer, type VerifiedToken } from './token.js';
