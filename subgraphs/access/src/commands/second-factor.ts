import type { EntityManager } from '@mikro-orm/postgresql';
import { refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import { generateSecret, generateURI } from 'otplib';
import { SecondFactor } from '../entities/second-factor.entity.js';
import { Tenant } from '../entities/tenant.entity.js';
import type { AccessErrorCode } from '../errors.js';
import { actorOf, audit } from './audit.js';
import { checkCode, newRecoveryCodes, recoveryHash } from './check-code.js';
import { lockStaff } from './lock-staff.js';

export type Begun = { readonly kind: 'begun'; readonly secret: string; readonly otpauthUri: string } | Refusal<AccessErrorCode>;
export type Codes = { readonly kind: 'codes'; readonly recoveryCodes: readonly string[] } | Refusal<AccessErrorCode>;

/** Who has a second factor: a person of the staff, for themselves. */
const ownStaffId = ({ viewer }: GraphContext): string | null => (viewer.kind === 'staff' ? viewer.subjectId : null);

/** Gives a new secret for a device; it counts once a code of it was sent. Beginning again forgets the unfinished one. */
export function beginSecondFactor(ctx: GraphContext): Promise<Begun> {
  const { viewer: { tenantId, claims: { name = 'staff' } }, deps: { vault } } = ctx;
  const staffId = ownStaffId(ctx);
  return ctx.write('begin-second-factor', async (em) => {
    if (staffId === null) return refuse('STAFF_NOT_FOUND');
    const secret = generateSecret();
    const kept = await em.execute<unknown[]>(
      `insert into second_factor (staff_id, tenant_id, sealed_secret, state) values (?, ?, ?, 'PENDING')
       on conflict (staff_id) do update set sealed_secret = excluded.sealed_secret where second_factor.state = 'PENDING' returning 1`,
      [staffId, tenantId, vault.seal(secret, { tenantId, row: staffId, field: 'secondFactor' })]);
    if (kept.length === 0) return refuse('SECOND_FACTOR_THERE');
    const tenant = await em.findOneOrFail(Tenant, { id: tenantId as never }, { disableIdentityMap: true });
    return { kind: 'begun', secret, otpauthUri: generateURI({ issuer: `quanyu ${tenant.name}`, label: name, secret }) };
  });
}

/** The device makes right codes: from now on it is asked for. Gives recovery codes, shown only now. */
export function confirmSecondFactor(ctx: GraphContext, { code }: { readonly code: string }): Promise<Codes> {
  return withCode(ctx, 'confirm-second-factor', code, 'PENDING', async (em, staffId) => {
    await em.execute("update second_factor set state = 'ACTIVE', enrolled_at = app_now() where staff_id = ?", [staffId]);
    audit(em, actorOf(ctx), { action: 'second-factor-enrolled', subject: staffId });
    return { kind: 'codes', recoveryCodes: await renewCodes(em, ctx.viewer.tenantId, staffId) };
  });
}

/** New recovery codes; the old ones are good no more. */
export function renewRecoveryCodes(ctx: GraphContext, { code }: { readonly code: string }): Promise<Codes> {
  return withCode(ctx, 'renew-recovery-codes', code, 'ACTIVE', async (em, staffId) => {
    audit(em, actorOf(ctx), { action: 'recovery-codes-renewed', subject: staffId });
    return { kind: 'codes', recoveryCodes: await renewCodes(em, ctx.viewer.tenantId, staffId) };
  });
}

/** Takes a person's own second factor away, with a code of it. */
export function removeSecondFactor(ctx: GraphContext, { code }: { readonly code: string }): Promise<{ readonly kind: 'removed' } | Refusal<AccessErrorCode>> {
  return withCode(ctx, 'remove-second-factor', code, 'ACTIVE', async (em, staffId) => {
    await forget(em, staffId);
    audit(em, actorOf(ctx), { action: 'second-factor-removed', subject: staffId });
    return { kind: 'removed' };
  });
}

/** Takes somebody else's second factor away, who has lost device and codes; nobody does it to themselves. */
export function resetSecondFactor(ctx: GraphContext, { staffId }: { readonly staffId: string }): Promise<{ readonly kind: 'removed' } | Refusal<AccessErrorCode>> {
  return ctx.write('reset-second-factor', async (em) => {
    if (staffId === ctx.viewer.subjectId) return refuse('OWN_SECOND_FACTOR', 'staffId');
    const locked = await lockStaff(em, ctx.viewer.tenantId, { staffId, expectedVersion: null });
    if (locked.kind === 'refused') return locked;
    await forget(em, staffId);
    audit(em, actorOf(ctx), { action: 'second-factor-reset', subject: staffId });
    return { kind: 'removed' };
  });
}

/** Runs `work` where the code is right, in the transaction that has judged it; a wrong one is counted and stands. */
function withCode<Outcome extends { readonly kind: string }>(ctx: GraphContext, label: string, code: string, state: 'PENDING' | 'ACTIVE', work: (em: EntityManager, staffId: string) => Promise<Outcome>): Promise<Outcome | Refusal<AccessErrorCode>> {
  const staffId = ownStaffId(ctx);
  return ctx.write<Outcome | Refusal<AccessErrorCode>>(label, async (em) => {
    if (staffId === null) return refuse('STAFF_NOT_FOUND');
    const checked = await checkCode(em, ctx.deps.vault, { tenantId: ctx.viewer.tenantId, staffId, code, state });
    if (checked.kind === 'refused') return checked;
    // What was judged stands in the row before statements of our own change it.
    await em.flush();
    return work(em, staffId);
  });
}

async function renewCodes(em: EntityManager, tenantId: string, staffId: string): Promise<string[]> {
  const codes = newRecoveryCodes();
  await em.execute('delete from recovery_code where staff_id = ?', [staffId]);
  await em.execute('insert into recovery_code (staff_id, tenant_id, hash) select ?, ?, jsonb_array_elements_text(?::jsonb)', [staffId, tenantId, JSON.stringify(codes.map(recoveryHash))]);
  return codes;
}

async function forget(em: EntityManager, staffId: string): Promise<void> {
  await em.execute('delete from step_up where staff_id = ?', [staffId]);
  await em.execute('delete from recovery_code where staff_id = ?', [staffId]);
  await em.nativeDelete(SecondFactor, { staffId: staffId as never });
}
