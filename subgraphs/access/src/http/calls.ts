import { answer, createTenant as createTenantCall, resolveViewer, type CallHandler } from '@quanyu/calls';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { createTenant } from '../commands/create-tenant.js';
import { viewerClaims } from '../queries/viewer-claims.js';

export const calls = ({ database }: SubgraphDeps): readonly CallHandler[] => [
  answer(resolveViewer, (credential) => viewerClaims(database.system, credential)),
  answer(createTenantCall, (input) => createTenant(database, input)),
];
