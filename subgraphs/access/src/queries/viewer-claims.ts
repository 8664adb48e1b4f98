import type { Database } from '@quanyu/database';
import { HOUSE_SCOPES, isScope, ROLES, type Scope, type ViewerClaims } from '@quanyu/viewer';
import { channelsOf } from '../domain/channels.js';
import { staffByIdentity } from './staff-by-identity.js';
import { TENANT_IS_OPEN } from './tenants.js';

export type Credential =
  | { readonly kind: 'staff'; readonly issuer: string; readonly subject: string }
  | { readonly kind: 'partner'; readonly keyHash: string }
  | { readonly kind: 'partner-key'; readonly tenantId: string; readonly keyId: string };

export interface Claims extends ViewerClaims { kind: 'staff' | 'partner'; tenantId: string; name: string; scopes: Scope[]; channels: 'all' | string[] }

/** What the holder of a verified credential may do, with one statement; null for nobody, the removed, the revoked, and all of a tenant that is shut. */
export const viewerClaims = (system: Database['system'], credential: Credential): Promise<Claims | null> =>
  credential.kind === 'staff' ? staffClaims(system, credential)
    : credential.kind === 'partner' ? partnerClaims(system, 'hash = $1', [credential.keyHash])
      : partnerClaims(system, 'tenant_id = $1 and id = $2', [credential.tenantId, credential.keyId]);

async function staffClaims(system: Database['system'], identity: { readonly issuer: string; readonly subject: string }): Promise<Claims | null> {
  const staff = await staffByIdentity(system, identity);
  if (staff === null || !staff.isOpen) return null;
  const scopes = [...ROLES[staff.role], ...(staff.runsHouse && staff.role === 'OWNER' ? HOUSE_SCOPES : [])];
  return { kind: 'staff', tenantId: staff.tenantId, subjectId: staff.id, scopes, channels: channelsOf(staff.role, staff), name: staff.name };
}

async function partnerClaims(system: Database['system'], which: 'hash = $1' | 'tenant_id = $1 and id = $2', values: readonly string[]): Promise<Claims | null> {
  const { rows: [key] } = await system.query<{ id: string; tenantId: string; name: string; scopes: string[]; allChannels: boolean; channelIds: string[] }>(
    `select id, tenant_id as "tenantId", name, scopes, all_channels as "allChannels", channel_ids as "channelIds"
     from partner_key s where ${which} and revoked_at is null and ${TENANT_IS_OPEN}`,
    [...values]);
  if (key === undefined) return null;
  // A scope that no longer exists may still stand in an old key; it opens nothing.
  return { kind: 'partner', tenantId: key.tenantId, subjectId: key.id, scopes: key.scopes.filter(isScope), channels: channelsOf('PARTNER', key), name: key.name };
}
