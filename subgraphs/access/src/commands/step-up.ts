import { randomBytes } from 'node:crypto';
import type { redeemStepUp } from '@quanyu/calls';
import type { Database } from '@quanyu/database';
import { refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import type { z } from 'zod';
import type { AccessErrorCode } from '../errors.js';
import { actorOf, audit } from './audit.js';
import { checkCode, sha256 } from './check-code.js';

type Redeem = z.output<typeof redeemStepUp.input>;
export type StepUpDeed = Pick<Redeem, 'action' | 'subject' | 'amount'>;
export type SteppedUp = { readonly kind: 'stepped-up'; readonly token: string; readonly expiresAt: Date } | Refusal<AccessErrorCode>;

/** Long enough to press the button, short enough that a token left lying about is worth nothing. */
export const STEP_UP_MINUTES = 5;

/** Gives a token for one deed to one thing and one amount, for a code of the second factor. */
export function stepUp(ctx: GraphContext, { code, action, subject, amount }: StepUpDeed & { readonly code: string }): Promise<SteppedUp> {
  const { viewer, deps: { vault } } = ctx;
  const { tenantId, subjectId: staffId } = viewer;
  return ctx.write<SteppedUp>('step-up', async (em) => {
    if (viewer.kind !== 'staff') return refuse('STAFF_NOT_FOUND');
    const checked = await checkCode(em, vault, { tenantId, staffId, code, state: 'ACTIVE' });
    if (checked.kind === 'refused') return checked;
    const token = `qys_${randomBytes(32).toString('base64url')}`;
    await em.execute("delete from step_up where staff_id = ? and expires_at < app_now() - interval '7 days'", [staffId]);
    const [row] = await em.execute<{ expires: string }[]>(
      `insert into step_up (hash, tenant_id, staff_id, action, subject, amount_minor, currency, expires_at) values (?, ?, ?, ?, ?, ?, ?, app_now() + make_interval(mins => ?))
       returning to_char(expires_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as expires`,
      [sha256(token), tenantId, staffId, action, subject, amount?.minor ?? null, amount?.currency ?? null, STEP_UP_MINUTES]);
    audit(em, actorOf(ctx), { action: 'stepped-up', subject, details: { for: action, by: checked.by, ...(amount && { amountMinor: `${amount.minor}`, currency: amount.currency }) } });
    return { kind: 'stepped-up', token, expiresAt: new Date(row!.expires) };
  });
}

/** Uses a token up. Of two uses at once one wins; the same use again finds its own mark. */
export function redeem(database: Database, { tenantId, staffId, token, use, action, subject, amount }: Redeem): Promise<z.input<typeof redeemStepUp.output>> {
  const hash = sha256(token);
  return database.write(tenantId, 'redeem-step-up', async (em) => {
    const [taken] = await em.execute<unknown[]>(
      `update step_up set used_for = ?, used_at = app_now() where hash = ? and staff_id = ? and action = ? and subject = ? and amount_minor is not distinct from ?::bigint and currency is not distinct from ?
         and used_for is null and expires_at > app_now() returning 1`,
      [use, hash, staffId, action, subject, amount?.minor ?? null, amount?.currency ?? null]);
    if (taken !== undefined) return { kind: 'redeemed' };
    const [known] = await em.execute<{ usedFor: string | null; fits: boolean }[]>(
      `select used_for as "usedFor", staff_id = ? and action = ? and subject = ? and amount_minor is not distinct from ?::bigint and currency is not distinct from ? as fits from step_up where hash = ?`,
      [staffId, action, subject, amount?.minor ?? null, amount?.currency ?? null, hash]);
    // Whose it is, and for what, is not told to whoever holds one that is not theirs.
    if (known?.fits !== true) return { kind: 'refused', code: 'STEP_UP_INVALID' };
    if (known.usedFor === null) return { kind: 'refused', code: 'STEP_UP_EXPIRED' };
    return known.usedFor === use ? { kind: 'redeemed' } : { kind: 'refused', code: 'STEP_UP_USED' };
  });
}
