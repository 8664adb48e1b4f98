import { newId } from '@quanyu/ids';
import { once, refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import type { RoleName } from '@quanyu/viewer';
import { contradicts, type Grant } from '../domain/channels.js';
import { isIdentity, isName } from '../domain/names.js';
import type { AccessErrorCode } from '../errors.js';
import { actorOf, audit } from './audit.js';
import { grantChannels, hasRoom, insertStaff } from './insert-staff.js';

export interface InviteStaff extends Grant {
  readonly issuer: string;
  readonly subject: string;
  readonly name: string;
  readonly role: RoleName;
  readonly idempotencyKey: string;
}

export type StaffInvited = { readonly kind: 'invited'; readonly staffId: string };

/** Lets somebody in: from now on their identity at the issuer works for this tenant. */
export function inviteStaff(ctx: GraphContext, input: InviteStaff): Promise<StaffInvited | Refusal<AccessErrorCode>> {
  const { tenantId } = ctx.viewer;
  const { issuer, subject, name, role, allChannels, channelIds, idempotencyKey: key } = input;
  return ctx.write('invite-staff', (em) => once<StaffInvited | Refusal<AccessErrorCode>>(em, tenantId, { mutation: 'inviteStaff', key, input }, async () => {
    if (!isName(name)) return refuse('NAME_INVALID', 'name');
    if (!isIdentity(issuer, subject)) return refuse('IDENTITY_INVALID', 'subject');
    if (contradicts(role, input)) return refuse('CHANNELS_CONFLICT', 'channelIds');
    if (!(await hasRoom(em, tenantId))) return refuse('ACCOUNT_LIMIT_REACHED');
    const staffId = newId('stf');
    if (!(await insertStaff(em, { id: staffId, tenantId, issuer, subject, name, role, allChannels }))) return refuse('IDENTITY_TAKEN', 'subject');
    grantChannels(em, { id: staffId, tenantId }, channelIds);
    audit(em, actorOf(ctx), { action: 'staff-invited', subject: staffId, details: { role, channels: allChannels ? 'all' : channelIds.join(' ') } });
    return { kind: 'invited', staffId };
  }));
}
