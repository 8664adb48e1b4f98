import { createHash, randomInt } from 'node:crypto';
import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Vault } from '@quanyu/pii';
import { refuse, type Refusal } from '@quanyu/subgraph';
import { verifySync } from 'otplib';
import { lockMinutes } from '../domain/attempts.js';
import { SecondFactor, type SecondFactorRow } from '../entities/second-factor.entity.js';
import type { AccessErrorCode } from '../errors.js';

/** A clock may be half a minute off to either side. */
const TOLERANCE_SECONDS = 30;

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Of letters that are not taken for one another; 16 of 32 are 80 bits, beyond guessing even without a lock. */
const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
export const RECOVERY_CODES = 10;

/** Codes for whoever loses their device, as they are shown: `ABCD-EFGH-JKLM-NPQR`. */
export const newRecoveryCodes = (): string[] => Array.from({ length: RECOVERY_CODES }, () =>
  Array.from({ length: 4 }, () => Array.from({ length: 4 }, () => LETTERS[randomInt(LETTERS.length)]).join('')).join('-'));

/** As people type it: case and dashes do not matter. */
export const recoveryHash = (code: string): string => sha256(code.toUpperCase().replace(/[^A-Z0-9]/g, ''));

export type Checked = { readonly kind: 'right'; readonly factor: SecondFactorRow; readonly by: 'CODE' | 'RECOVERY_CODE' } | Refusal<AccessErrorCode>;

/**
 * Judges a code of the device, or a recovery code, under the lock of the factor: of two who send the same code at once
 * one is refused. A wrong one counts, so the caller must let its transaction stand.
 */
export async function checkCode(em: EntityManager, vault: Vault, { tenantId, staffId, code, state }: { readonly tenantId: string; readonly staffId: string; readonly code: string; readonly state: SecondFactorRow['state'] }): Promise<Checked> {
  const factor = await em.findOne(SecondFactor, { tenantId, staffId: staffId as never }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  if (factor === null || factor.state !== state) return refuse(state === 'ACTIVE' ? 'SECOND_FACTOR_MISSING' : 'SECOND_FACTOR_NOT_BEGUN', 'code');
  const [clock] = await em.execute<{ epoch: number; locked: boolean }[]>(
    'select extract(epoch from app_now())::float8 as epoch, coalesce(locked_until > app_now(), false) as locked from second_factor where staff_id = ?', [staffId]);
  if (clock!.locked) return refuse('SECOND_FACTOR_LOCKED', 'code');
  const secret = vault.open(factor.sealedSecret, { tenantId, row: staffId, field: 'secondFactor' });
  const step = stepOf(secret, code, clock!.epoch);
  if (step !== null && step > factor.lastStep) {
    Object.assign(factor, { lastStep: step, failures: 0, lockedUntil: null });
    return { kind: 'right', factor, by: 'CODE' };
  }
  if (state === 'ACTIVE' && await takeRecoveryCode(em, staffId, code)) {
    Object.assign(factor, { failures: 0, lockedUntil: null });
    return { kind: 'right', factor, by: 'RECOVERY_CODE' };
  }
  factor.failures += 1;
  const minutes = lockMinutes(factor.failures);
  if (minutes > 0) factor.lockedUntil = new Date((clock!.epoch + minutes * 60) * 1000);
  return refuse('CODE_WRONG', 'code');
}

/** The step of the clock that a code belongs to; null for a code that is none, or not of now. */
function stepOf(secret: string, code: string, epoch: number): number | null {
  const token = code.replace(/\s/g, '');
  if (!/^\d{6}$/.test(token)) return null;
  const verdict = verifySync({ secret, token, epoch: Math.floor(epoch), epochTolerance: TOLERANCE_SECONDS });
  return verdict.valid && 'timeStep' in verdict ? verdict.timeStep : null;
}

async function takeRecoveryCode(em: EntityManager, staffId: string, code: string): Promise<boolean> {
  const taken = await em.execute<unknown[]>('update recovery_code set used_at = app_now() where staff_id = ? and hash = ? and used_at is null returning 1', [staffId, recoveryHash(code)]);
  return taken.length > 0;
}
