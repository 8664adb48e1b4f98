import type { EntityManager } from '@mikro-orm/postgresql';
import type { Database } from '@quanyu/database';
import { phoneVerified } from '@quanyu/events';
import { newId, type Id } from '@quanyu/ids';
import { record } from '@quanyu/outbox';
import { normalisePhone, type Vault } from '@quanyu/pii';

/** Whom an issuer vouches for, and the phone number that it has verified. */
export interface SignIn { readonly issuer: string; readonly subject: string; readonly phone: string | null }
export interface MemberClaims { readonly kind: 'member'; readonly tenantId: string; readonly subjectId: string; readonly scopes: string[]; readonly channels: string[] }
interface Known { readonly memberId: Id<'mem'>; readonly phoneIndex: string | null }

/** What every member may: buy, and see what is theirs. */
const SCOPES = ['orders:buy'];

/**
 * Who somebody is who signs in: the member they were the last time, else whom their verified phone number leads to,
 * else a new one. A number that is new to us is told: guest orders under it become theirs.
 */
export async function signInMember(database: Database, vault: Vault, signIn: SignIn): Promise<MemberClaims | null> {
  const { rows: [issuer] } = await database.system.query<{ tenantId: string }>('select tenant_id as "tenantId" from member_issuer where issuer = $1', [signIn.issuer]);
  if (issuer === undefined) return null;
  const { tenantId } = issuer;
  const phone = signIn.phone === null ? null : normalisePhone(signIn.phone);
  const phoneIndex = phone === null ? null : vault.index('phone', phone, tenantId);
  const known = await database.read(tenantId, (em) => find(em, tenantId, signIn));
  // The usual case writes nothing.
  const memberId = known !== null && (phoneIndex === null || phoneIndex === known.phoneIndex) ? known.memberId : await database.write(tenantId, 'sign-in-member', (em) => keep(em, tenantId, signIn, phoneIndex));
  return { kind: 'member', tenantId, subjectId: memberId, scopes: SCOPES, channels: [] };
}

async function find(em: EntityManager, tenantId: string, { issuer, subject }: SignIn): Promise<Known | null> {
  const [row] = await em.execute<Known[]>('select member_id as "memberId", phone_index as "phoneIndex" from member_sign_in where tenant_id = ? and issuer = ? and subject = ?', [tenantId, issuer, subject]);
  return row ?? null;
}

async function keep(em: EntityManager, tenantId: string, signIn: SignIn, phoneIndex: string | null): Promise<Id<'mem'>> {
  // Two first sign-ins of one person, or under one number: the second waits here and finds the first.
  for (const name of [`${signIn.issuer} ${signIn.subject}`, phoneIndex ?? ''].filter(Boolean).sort()) await em.execute("select pg_advisory_xact_lock(hashtext('members.sign-in'), hashtext(?))", [`${tenantId}/${name}`]);
  const known = await find(em, tenantId, signIn);
  if (known !== null && (phoneIndex === null || known.phoneIndex === phoneIndex)) return known.memberId;
  const memberId = known?.memberId ?? await memberOfPhone(em, tenantId, phoneIndex) ?? await newMember(em, tenantId);
  await em.execute(
    `insert into member_sign_in (tenant_id, issuer, subject, member_id, phone_index) values (?, ?, ?, ?, ?)
     on conflict (tenant_id, issuer, subject) do update set phone_index = excluded.phone_index`, [tenantId, signIn.issuer, signIn.subject, memberId, phoneIndex]);
  if (phoneIndex !== null) record(em, phoneVerified({ tenantId, sequence: Date.now(), data: { memberId, phoneIndex } }));
  return memberId;
}

/** Only a number that an issuer has verified leads to a member: what a channel tells of a buyer may be anybody's. */
async function memberOfPhone(em: EntityManager, tenantId: string, phoneIndex: string | null): Promise<Id<'mem'> | null> {
  if (phoneIndex === null) return null;
  const [row] = await em.execute<{ memberId: Id<'mem'> }[]>('select member_id as "memberId" from member_sign_in where tenant_id = ? and phone_index = ? order by first_at limit 1', [tenantId, phoneIndex]);
  return row?.memberId ?? null;
}

async function newMember(em: EntityManager, tenantId: string): Promise<Id<'mem'>> {
  const id = newId('mem');
  await em.execute('insert into member (id, tenant_id) values (?, ?)', [id, tenantId]);
  return id;
}

/** Whose members an issuer's people are; the first tenant stays. */
export async function adoptIssuer(database: Database, { tenantId, issuer }: { readonly tenantId: string; readonly issuer: string }): Promise<{ readonly tenantId: string }> {
  await database.write(tenantId, 'adopt-member-issuer', (em) => em.execute('insert into member_issuer (issuer, tenant_id) values (?, ?) on conflict do nothing', [issuer, tenantId]));
  const { rows: [row] } = await database.system.query<{ tenantId: string }>('select tenant_id as "tenantId" from member_issuer where issuer = $1', [issuer]);
  return row!;
}
