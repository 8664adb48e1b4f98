import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createTenant, InProcessCalls, redeemStepUp } from '@quanyu/calls';
import { newId } from '@quanyu/ids';
import { openTestSubgraph, staffOf, type Json, type TestSubgraph } from '@quanyu/testing';
import type { Viewer } from '@quanyu/viewer';
import { generateSync } from 'otplib';
import { access } from '../subgraph.js';

let subgraph: TestSubgraph;
let calls: InProcessCalls;
let tenantId: string;
let anna: Viewer;
beforeAll(async () => {
  subgraph = await openTestSubgraph(access);
  calls = new InProcessCalls();
  calls.add(access.calls!(subgraph.deps));
});
afterAll(() => subgraph.close());
beforeEach(async () => {
  const made = await calls.invoke(createTenant, { name: 'Shop', owner: { issuer: 'https://issuer.test', subject: newId('usr'), name: 'Anna' }, partnerKey: null });
  tenantId = made.tenantId;
  anna = staffOf(tenantId, { subjectId: made.staffId, name: 'Anna' });
});

const run = async (mutation: string, variables: object = {}, viewer = anna): Promise<Json> => {
  const { data, errors } = await subgraph.ask(mutation, { ...variables }, viewer);
  return data === null ? { errors: errors.map(({ code }) => code) } : Object.values(data)[0];
};
const begin = (viewer = anna) => run('mutation { beginSecondFactor { secret otpauthUri userErrors { code } } }', {}, viewer);
const confirm = (code: string, viewer = anna) => run('mutation($code: String!) { confirmSecondFactor(code: $code) { recoveryCodes userErrors { code } } }', { code }, viewer);
const remove = (code: string) => run('mutation($code: String!) { removeSecondFactor(code: $code) { removed userErrors { code } } }', { code });
const renew = (code: string) => run('mutation($code: String!) { renewRecoveryCodes(code: $code) { recoveryCodes userErrors { code } } }', { code });
const mine = async (viewer = anna) => (await subgraph.ask('{ viewer { secondFactor { recoveryCodesLeft lockedUntil } } }', {}, viewer)).data?.viewer.secondFactor;
const deed = { action: 'REFUND', subject: 'afs_1', amount: { amount: '30.00', currency: 'CNY' } } as const;
const stepUp = (code: string, over: object = {}, viewer = anna) => run('mutation($input: StepUpInput!) { stepUp(input: $input) { token expiresAt userErrors { code field } } }', { input: { code, ...deed, ...over } }, viewer);
/** Codes of the step before now, of now and of the next one: each is good once, in this order. */
const codesOf = (secret: string): string[] => [-30, 0, 30].map((seconds) => generateSync({ secret, epoch: Math.floor(Date.now() / 1000) + seconds }));
/** Enrolled by the code of the last step, so that two more codes are good at once. */
const enrolled = async (viewer = anna): Promise<{ secret: string; codes: string[]; recoveryCodes: string[] }> => {
  const { secret } = await begin(viewer);
  const [first, ...codes] = codesOf(secret) as [string, ...string[]];
  const { recoveryCodes, userErrors } = await confirm(first, viewer);
  expect(userErrors).toEqual([]);
  return { secret, codes, recoveryCodes };
};
const redeem = (token: string, over: object = {}) => calls.invoke(redeemStepUp, {
  tenantId, staffId: anna.subjectId, token, use: 'use-1', action: 'REFUND', subject: 'afs_1', amount: { minor: 3000, currency: 'CNY' }, ...over });

describe('a second factor', () => {
  it('is begun with a secret for an authenticator, counts from its first right code on, and gives recovery codes once', async () => {
    const { secret, otpauthUri } = await begin();
    expect(otpauthUri).toBe(`otpauth://totp/quanyu%20Shop:Anna?secret=${secret}&issuer=quanyu%20Shop`);
    expect(await mine()).toBeNull();
    expect((await stepUp(codesOf(secret)[1]!)).userErrors).toMatchObject([{ code: 'SECOND_FACTOR_MISSING' }]);
    expect((await confirm('000000')).userErrors).toMatchObject([{ code: 'CODE_WRONG' }]);
    const [code, next] = codesOf(secret) as [string, string];
    const { recoveryCodes } = await confirm(code);
    expect(new Set(recoveryCodes).size).toBe(10);
    expect(await mine()).toEqual({ recoveryCodesLeft: 10, lockedUntil: null });
    expect((await confirm(next)).userErrors).toMatchObject([{ code: 'SECOND_FACTOR_NOT_BEGUN' }]);
    expect((await begin()).userErrors).toMatchObject([{ code: 'SECOND_FACTOR_THERE' }]);
    const rows = await subgraph.rows<Json>(tenantId, 'select sealed_secret, (select string_agg(hash, \' \') from recovery_code) as hashes from second_factor');
    expect(JSON.stringify(rows)).not.toContain(secret);
    expect(JSON.stringify(rows)).not.toContain(recoveryCodes[0]);
  });

  it('takes each code once, also by two at once, and each recovery code once, however it is typed', async () => {
    const { codes: [code, next], recoveryCodes: [spare, other] } = await enrolled();
    const both = await Promise.all([stepUp(code!), stepUp(code!)]);
    expect(both.map(({ userErrors }) => userErrors[0]?.code ?? 'GIVEN').sort()).toEqual(['CODE_WRONG', 'GIVEN']);
    expect((await stepUp(next!)).userErrors).toEqual([]);
    expect((await stepUp(code!)).userErrors).toMatchObject([{ code: 'CODE_WRONG' }]);
    expect((await stepUp(spare!.toLowerCase().replaceAll('-', ' '))).userErrors).toEqual([]);
    expect((await stepUp(spare!)).userErrors).toMatchObject([{ code: 'CODE_WRONG' }]);
    expect((await mine()).recoveryCodesLeft).toBe(9);
    const renewed = await renew(other!);
    expect(renewed.recoveryCodes).toHaveLength(10);
    expect((await mine()).recoveryCodesLeft).toBe(10);
    expect((await remove(renewed.recoveryCodes[0])).removed).toBe(true);
    expect(await mine()).toBeNull();
  });

  it('is locked after five wrong codes in a row, longer each time, also for right ones', async () => {
    const { codes: [code] } = await enrolled();
    for (let n = 0; n < 5; n += 1) expect((await stepUp('12345')).userErrors).toMatchObject([{ code: 'CODE_WRONG' }]);
    expect((await mine()).lockedUntil).not.toBeNull();
    expect((await stepUp(code!)).userErrors).toMatchObject([{ code: 'SECOND_FACTOR_LOCKED' }]);
    await subgraph.deps.database.write(tenantId, 'test', (em) => em.execute("update second_factor set locked_until = app_now() - interval '1 second'"));
    expect((await stepUp(code!)).userErrors).toEqual([]);
  });

  it('of somebody else is reset by who looks after staff, never their own, and both are written down', async () => {
    const invited = await run('mutation($input: InviteStaffInput!) { inviteStaff(input: $input) { staff { id } } }', { input: { issuer: 'https://issuer.test', subject: newId('usr'), name: 'Li', role: 'OPERATOR', idempotencyKey: newId('req') } });
    const li = staffOf(tenantId, { subjectId: invited.staff.id, scopes: ['account:write'], name: 'Li' });
    await enrolled(li);
    const reset = (staffId: string, viewer = anna) => run('mutation($id: ID!) { resetSecondFactor(staffId: $id) { removed userErrors { code } } }', { id: staffId }, viewer);
    expect((await reset(anna.subjectId)).userErrors).toMatchObject([{ code: 'OWN_SECOND_FACTOR' }]);
    expect((await reset(anna.subjectId, li)).errors).toEqual(['FORBIDDEN']);
    expect((await reset(newId('stf'))).userErrors).toMatchObject([{ code: 'STAFF_NOT_FOUND' }]);
    expect((await reset(li.subjectId)).removed).toBe(true);
    expect(await mine(li)).toBeNull();
    const log = await subgraph.ask('query($subject: ID!) { auditEntries(filter: { subject: $subject }) { nodes { action actorId } } }', { subject: li.subjectId }, anna);
    expect(log.data?.auditEntries.nodes).toEqual([
      { action: 'second-factor-reset', actorId: anna.subjectId }, { action: 'second-factor-enrolled', actorId: li.subjectId }, { action: 'staff-invited', actorId: anna.subjectId }]);
  });
});

describe('a step-up token', () => {
  it('is good for one use, and the same use again finds its own mark', async () => {
    const { codes: [code] } = await enrolled();
    const { token, expiresAt } = await stepUp(code!);
    expect(new Date(expiresAt).getTime() - Date.now()).toBeLessThanOrEqual(5 * 60_000);
    expect(await Promise.all([redeem(token), redeem(token, { use: 'use-2' })])).toEqual(expect.arrayContaining([{ kind: 'redeemed' }, { kind: 'refused', code: 'STEP_UP_USED' }]));
    const uses = await Promise.all(['use-1', 'use-2'].map((use) => redeem(token, { use })));
    expect(uses.filter(({ kind }) => kind === 'redeemed')).toHaveLength(1);
    expect(await subgraph.rows<Json>(tenantId, 'select hash from step_up')).not.toEqual([{ hash: token }]);
  });

  it.each<[string, object]>([
    ['of another deed', { action: 'APPROVE_REFUND' }],
    ['of another thing', { subject: 'afs_2' }],
    ['of another amount', { amount: { minor: 3001, currency: 'CNY' } }],
    ['of another currency', { amount: { minor: 3000, currency: 'USD' } }],
    ['of no amount', { amount: null }],
    ['of somebody else', { staffId: 'stf_else' }],
    ['of another tenant', { tenantId: 'ten_else' }],
    ['that was made up', { token: 'qys_x' }],
  ])('is refused where it is one %s', async (_what, over) => {
    const { codes: [code] } = await enrolled();
    const { token } = await stepUp(code!);
    expect(await redeem(token, over)).toEqual({ kind: 'refused', code: 'STEP_UP_INVALID' });
    expect(await redeem(token)).toEqual({ kind: 'redeemed' });
  });

  it('is refused when its time is over, but not for a use that it was good for', async () => {
    const { codes: [code, next] } = await enrolled();
    const [{ token: used }, { token: late }] = [await stepUp(code!), await stepUp(next!)];
    expect(await redeem(used)).toEqual({ kind: 'redeemed' });
    await subgraph.deps.database.write(tenantId, 'test', (em) => em.execute("update step_up set expires_at = app_now() - interval '1 second'"));
    expect(await redeem(late)).toEqual({ kind: 'refused', code: 'STEP_UP_EXPIRED' });
    expect(await redeem(used)).toEqual({ kind: 'redeemed' });
  });
});
