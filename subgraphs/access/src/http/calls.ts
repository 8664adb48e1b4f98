import { answer, createTenant as createTenantCall, noteFieldUsage as noteFieldUsageCall, redeemStepUp, resolveViewer, type CallHandler } from '@quanyu/calls';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { createTenant } from '../commands/create-tenant.js';
import { noteFieldUsage } from '../commands/note-field-usage.js';
import { redeem } from '../commands/step-up.js';
import { viewerClaims } from '../queries/viewer-claims.js';

export const calls = ({ database }: SubgraphDeps): readonly CallHandler[] => [
  answer(resolveViewer, (credential) => viewerClaims(database.system, credential)),
  answer(createTenantCall, (input) => createTenant(database, input)),
  answer(noteFieldUsageCall, (input) => noteFieldUsage(database, input)),
  answer(redeemStepUp, (input) => redeem(database, input)),
];
