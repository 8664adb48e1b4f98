import type { Contract } from '@quanyu/subgraph';

/** What the fields of this room ask for, and what of them partners see. */
export const contract: Contract = {
  scopes: {
    'Query.auditEntries': 'audit:read',
    'Query.fieldUsage': 'access:read',
    'Query.partnerKeys': 'access:read',
    'Query.staff': 'access:read',
    'Query.tenant': 'tenants:read',
    'Query.tenants': 'tenants:read',
    'Tenant.standing': 'access:read',
    'Mutation.changeTenant': 'tenants:write',
    'Mutation.deleteTenant': 'tenants:write',
    'Mutation.restoreTenant': 'tenants:write',
    'Mutation.inviteTenantOwner': 'tenants:write',
    'Staff.role': 'access:read',
    'Staff.issuer': 'access:read',
    'Staff.subject': 'access:read',
    'Staff.allChannels': 'access:read',
    'Staff.channels': 'access:read',
    'Mutation.createPartnerKey': 'access:write',
    'Mutation.inviteStaff': 'access:write',
    'Mutation.removeStaff': 'access:write',
    'Mutation.revokePartnerKey': 'access:write',
    'Mutation.setStaffChannels': 'access:write',
    'Mutation.setStaffRole': 'access:write',
    'Mutation.resetSecondFactor': 'access:write',
    'Mutation.beginSecondFactor': 'account:write',
    'Mutation.confirmSecondFactor': 'account:write',
    'Mutation.renewRecoveryCodes': 'account:write',
    'Mutation.removeSecondFactor': 'account:write',
    'Mutation.stepUp': 'account:write',
  },
  // Every client asks it first, and again with each page.
  ownCacheSeconds: { 'Query.viewer': 60, 'Viewer.channels': 60 },
  public: { Query: ['viewer'], Viewer: ['kind', 'id', 'name', 'scopes', 'allChannels', 'channels', 'tenant'], Tenant: ['id', 'name', 'timeZone', 'baseCurrency'], Channel: ['id'] },
};
