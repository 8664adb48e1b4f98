import { sqlMigrations } from '@quanyu/database';
import { defineSubgraph } from '@quanyu/subgraph';
import { AuditEntry } from './entities/audit-entry.entity.js';
import { PartnerKey } from './entities/partner-key.entity.js';
import { SecondFactor } from './entities/second-factor.entity.js';
import { Staff, StaffChannel } from './entities/staff.entity.js';
import { Tenant } from './entities/tenant.entity.js';
import { consumers } from './events/consumers.js';
import { AuditEntryResolver } from './graphql/audit-entry.resolver.js';
import { contract } from './graphql/contract.js';
import { CreatePartnerKeyMutation } from './graphql/create-partner-key.mutation.js';
import { FieldUsageResolver } from './graphql/field-usage.resolver.js';
import { InviteStaffMutation } from './graphql/invite-staff.mutation.js';
import { PartnerKeyResolver } from './graphql/partner-key.resolver.js';
import { RemoveStaffMutation } from './graphql/remove-staff.mutation.js';
import { RevokePartnerKeyMutation } from './graphql/revoke-partner-key.mutation.js';
import { RightsChangedResolver } from './graphql/rights-changed.resolver.js';
import { SecondFactorResolver } from './graphql/second-factor.resolver.js';
import { SetStaffChannelsMutation } from './graphql/set-staff-channels.mutation.js';
import { SetStaffRoleMutation } from './graphql/set-staff-role.mutation.js';
import { StaffResolver } from './graphql/staff.resolver.js';
import { TenantResolver, TenantStandingResolver } from './graphql/tenant.resolver.js';
import { TenantMutations } from './graphql/tenant.mutation.js';
import { ViewerResolver } from './graphql/viewer.resolver.js';
import { calls } from './http/calls.js';
import { staffById } from './queries/staff.js';

export const access = defineSubgraph({
  name: 'access',
  entities: [Tenant, Staff, StaffChannel, PartnerKey, AuditEntry, SecondFactor],
  migrations: sqlMigrations(new URL('../migrations/', import.meta.url)),
  resolvers: [
    ViewerResolver, StaffResolver, PartnerKeyResolver, AuditEntryResolver, FieldUsageResolver, RightsChangedResolver, SecondFactorResolver, TenantResolver, TenantStandingResolver, TenantMutations,
    InviteStaffMutation, SetStaffRoleMutation, SetStaffChannelsMutation, RemoveStaffMutation, CreatePartnerKeyMutation, RevokePartnerKeyMutation,
  ],
  contract,
  references: {
    Staff: ({ id }, ctx) => {
      // Colleagues see each other's names; outsiders need the right to look at staff.
      if (ctx.viewer.kind !== 'staff') ctx.viewer.must('access:read');
      return staffById(ctx).load(String(id));
    },
  },
  calls,
  consumers,
});
