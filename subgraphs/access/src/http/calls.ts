import { answer, createTenant as createTenantCall, ensureTenant as ensureTenantCall, noteFieldUsage as noteFieldUsageCall, redeemStepUp, resolveViewer, tenantIsOpen as tenantIsOpenCall, type CallHandler } from '@quanyu/calls';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { createTenant } from '../commands/create-tenant.js';
import { ensureTenant } from '../commands/ensure-tenant.js';
import { noteFieldUsage } from '../commands/note-field-usage.js';
import { redeem } from '../commands/step-up.js';
import { tenantIsOpen } from '../queries/tenants.js';
import { viewerClaims } from '../queries/viewer-claims.js';

export const calls = ({ database }: SubgraphDeps): readonly CallHandler[] => [
  answer(resolveViewer, (credential) => viewerClaims(database.system, credential)),
  answer(tenantIsOpenCall, ({ tenantId }) => tenantIsOpen(database, tenantId)),
  answer(createTenantCall, (input) => createTenant(database, input)),
  answer(ensureTenantCall, (input) => ensureTenant(database, input)),
  answer(noteFieldUsageCall, (input) => noteFieldUsage(database, input)),
  answer(redeemStepUp, (input) => redeem(database, input)),
];
