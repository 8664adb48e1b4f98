import type { EntityManager } from '@mikro-orm/postgresql';
import { isId, newId, type Id } from '@quanyu/ids';
import type { Vault } from '@quanyu/pii';

/** A buyer as an order's event tells them. */
export interface Customer { readonly externalId: string; readonly phoneIndex: string | null; readonly emailIndex: string | null; readonly sealed: string | null }

export interface SeenCustomer {
  readonly connectionId: string;
  readonly customer: Customer;
  /** Time of the event: of two profiles the newer one stays. */
  readonly seenAt: Date;
}

interface Identity {
  readonly id: Id<'idn'>;
  readonly connectionId: string;
  readonly externalId: string;
  readonly memberId: Id<'mem'>;
  readonly sealedProfile: string | null;
  readonly profileAt: Date;
}

/** The members behind channels' customers, in the order asked; made where a channel has not named them before. */
export async function ensureMembers(em: EntityManager, vault: Vault, tenantId: string, seen: readonly SeenCustomer[]): Promise<readonly Id<'mem'>[]> {
  if (seen.length === 0) return [];
  const ours = await findOurs(em, tenantId, seen);
  const fromOutside = seen.filter(({ customer }) => !ours.has(customer.externalId));
  const known = await findIdentities(em, tenantId, fromOutside);
  const strangers = [...new Map(fromOutside.filter((one) => !known.has(keyOf(one))).map((one) => [keyOf(one), one])).values()];
  const made = await makeMembers(em, vault, tenantId, strangers);
  // Another transaction was faster: it has committed by now, and is seen.
  const others = made.size === strangers.length ? new Map<string, Identity>() : await findIdentities(em, tenantId, strangers.filter((one) => !made.has(keyOf(one))));
  const members: Id<'mem'>[] = [];
  for (const one of seen) {
    const identity = known.get(keyOf(one)) ?? others.get(keyOf(one));
    if (identity !== undefined) await renewProfile(em, vault, tenantId, identity, one);
    members.push(ours.get(one.customer.externalId) ?? identity?.memberId ?? made.get(keyOf(one))!);
  }
  return members;
}

const keyOf = ({ connectionId, customer }: SeenCustomer): string => `${connectionId} ${customer.externalId}`;
const keysOf = (seen: readonly SeenCustomer[]): string => JSON.stringify(seen.map(({ connectionId, customer: { externalId } }) => ({ connectionId, externalId })));

/** Who buys from us is known by our own id of them. */
async function findOurs(em: EntityManager, tenantId: string, seen: readonly SeenCustomer[]): Promise<ReadonlyMap<string, Id<'mem'>>> {
  const ids = seen.map(({ customer }) => customer.externalId).filter((id) => isId('mem', id));
  if (ids.length === 0) return new Map();
  const rows = await em.execute<{ id: Id<'mem'> }[]>('select id from member where tenant_id = ? and id in (select jsonb_array_elements_text(?::jsonb))', [tenantId, JSON.stringify(ids)]);
  return new Map(rows.map(({ id }) => [id, id]));
}

async function findIdentities(em: EntityManager, tenantId: string, seen: readonly SeenCustomer[]): Promise<Map<string, Identity>> {
  if (seen.length === 0) return new Map();
  const rows = await em.execute<(Omit<Identity, 'profileAt'> & { profileAt: string })[]>(
    `select i.id, i.connection_id as "connectionId", i.external_id as "externalId", i.member_id as "memberId", i.sealed_profile as "sealedProfile", i.profile_at as "profileAt"
     from member_identity i where i.tenant_id = ?
       and (i.connection_id, i.external_id) in (select "connectionId", "externalId" from jsonb_to_recordset(?::jsonb) as s ("connectionId" text, "externalId" text))`,
    [tenantId, keysOf(seen)]);
  return new Map(rows.map((row) => [`${row.connectionId} ${row.externalId}`, { ...row, profileAt: new Date(row.profileAt) }]));
}

/** Leaves out whom another transaction was faster with: identity and member come in one statement, so no member is left without one. */
async function makeMembers(em: EntityManager, vault: Vault, tenantId: string, strangers: readonly SeenCustomer[]): Promise<ReadonlyMap<string, Id<'mem'>>> {
  if (strangers.length === 0) return new Map();
  const fresh = strangers.map(({ connectionId, customer, seenAt }) => {
    const [id, memberId] = [newId('idn'), newId('mem')];
    const told = openCustomer(vault, tenantId, customer);
    return {
      id, memberId, connectionId, externalId: customer.externalId, profile: told && sealProfile(vault, { id, tenantId }, told),
      phoneIndex: customer.phoneIndex, emailIndex: customer.emailIndex, seenAt,
    };
  });
  // In one order, always: two that make the same members would deadlock otherwise.
  const rows = await em.execute<{ key: string; memberId: Id<'mem'> }[]>(
    `with identity as (
       insert into member_identity (id, tenant_id, member_id, connection_id, external_id, sealed_profile, phone_index, email_index, profile_at)
       select id, ?, "memberId", "connectionId", "externalId", profile, "phoneIndex", "emailIndex", "seenAt"
       from jsonb_to_recordset(?::jsonb) as f (id text, "memberId" text, "connectionId" text, "externalId" text, profile text, "phoneIndex" text, "emailIndex" text, "seenAt" timestamptz)
       order by "connectionId", "externalId" on conflict do nothing returning member_id, connection_id, external_id
     ), member as (insert into member (id, tenant_id) select member_id, ? from identity)
     select connection_id || ' ' || external_id as key, member_id as "memberId" from identity`,
    [tenantId, JSON.stringify(fresh), tenantId]);
  return new Map(rows.map(({ key, memberId }) => [key, memberId]));
}

async function renewProfile(em: EntityManager, vault: Vault, tenantId: string, { id, sealedProfile, profileAt }: Identity, { customer, seenAt }: SeenCustomer): Promise<void> {
  if (customer.sealed === null || seenAt <= profileAt) return;
  const told = openCustomer(vault, tenantId, customer)!;
  if (sealedProfile !== null && told === vault.open(sealedProfile, { tenantId, row: id, field: 'profile' })) return;
  await em.execute(
    'update member_identity set sealed_profile = ?, phone_index = ?, email_index = ?, profile_at = ? where id = ? and profile_at < ?',
    [sealProfile(vault, { id, tenantId }, told), customer.phoneIndex, customer.emailIndex, seenAt, id, seenAt]);
}

const openCustomer = (vault: Vault, tenantId: string, { sealed, externalId }: Customer): string | null =>
  sealed === null ? null : vault.open(sealed, { tenantId, row: externalId, field: 'customer' });

/** Under a row of its own: a value copied from an event into another row would not open. */
const sealProfile = (vault: Vault, { id, tenantId }: { readonly id: Id<'idn'>; readonly tenantId: string }, profile: string): string =>
  vault.seal(profile, { tenantId, row: id, field: 'profile' });
