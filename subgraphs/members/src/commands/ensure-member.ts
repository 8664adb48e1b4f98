import type { EntityManager } from '@mikro-orm/postgresql';
import { newId, type Id } from '@quanyu/ids';
import type { Vault } from '@quanyu/pii';
import { MemberIdentity, type MemberIdentityRow } from '../entities/member.entity.js';

/** A buyer as an order's event tells them. */
export interface Customer { readonly externalId: string; readonly phoneIndex: string | null; readonly emailIndex: string | null; readonly sealed: string | null }

export interface SeenCustomer {
  readonly tenantId: string;
  readonly connectionId: string;
  readonly customer: Customer;
  /** Time of the event: of two profiles the newer one stays. */
  readonly seenAt: Date;
}

/** The member behind a channel's customer, made when the channel has not named them before. */
export async function ensureMember(em: EntityManager, vault: Vault, seen: SeenCustomer): Promise<Id<'mem'>> {
  const key = { tenantId: seen.tenantId, connectionId: seen.connectionId, externalId: seen.customer.externalId };
  const known = await em.findOne(MemberIdentity, key, { disableIdentityMap: true });
  if (known === null) {
    const made = await makeMember(em, vault, seen);
    if (made !== null) return made;
  }
  const identity = known ?? await em.findOneOrFail(MemberIdentity, key, { disableIdentityMap: true });
  await renewProfile(em, vault, identity, seen);
  return identity.memberId;
}

/** Null when another transaction was faster: identity and member come in one statement, so no member is left without one. */
async function makeMember(em: EntityManager, vault: Vault, { tenantId, connectionId, customer, seenAt }: SeenCustomer): Promise<Id<'mem'> | null> {
  const [identityId, memberId] = [newId('idn'), newId('mem')];
  const told = openCustomer(vault, tenantId, customer);
  const made = await em.execute<unknown[]>(
    `with identity as (
       insert into member_identity (id, tenant_id, member_id, connection_id, external_id, sealed_profile, phone_index, email_index, profile_at)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing returning member_id
     ) insert into member (id, tenant_id) select member_id, ? from identity returning 1`,
    [identityId, tenantId, memberId, connectionId, customer.externalId, told && sealProfile(vault, { id: identityId, tenantId }, told),
      customer.phoneIndex, customer.emailIndex, seenAt, tenantId]);
  return made.length > 0 ? memberId : null;
}

async function renewProfile(em: EntityManager, vault: Vault, identity: MemberIdentityRow, { tenantId, customer, seenAt }: SeenCustomer): Promise<void> {
  const told = openCustomer(vault, tenantId, customer);
  if (told === null || seenAt <= identity.profileAt || told === openProfile(vault, identity)) return;
  await em.execute(
    'update member_identity set sealed_profile = ?, phone_index = ?, email_index = ?, profile_at = ? where id = ? and profile_at < ?',
    [sealProfile(vault, identity, told), customer.phoneIndex, customer.emailIndex, seenAt, identity.id, seenAt]);
}

const openCustomer = (vault: Vault, tenantId: string, { sealed, externalId }: Customer): string | null =>
  sealed === null ? null : vault.open(sealed, { tenantId, row: externalId, field: 'customer' });

const openProfile = (vault: Vault, { id, tenantId, sealedProfile }: MemberIdentityRow): string | null =>
  sealedProfile ? vault.open(sealedProfile, { tenantId, row: id, field: 'profile' }) : null;

/** Under a row of its own: a value copied from an event into another row would not open. */
const sealProfile = (vault: Vault, { id, tenantId }: Pick<MemberIdentityRow, 'id' | 'tenantId'>, profile: string): string =>
  vault.seal(profile, { tenantId, row: id, field: 'profile' });
