import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createTenant, InProcessCalls, resolveViewer, tenantIsOpen } from '@quanyu/calls';
import { newId } from '@quanyu/ids';
import { openTestSubgraph, staffOf, type Answer, type Json, type TestSubgraph } from '@quanyu/testing';
import { HOUSE_SCOPES, ROLES, type Viewer } from '@quanyu/viewer';
import { access } from '../subgraph.js';

const ISSUER = 'https://issuer.test';
const KEY = 'a'.repeat(64);
let subgraph: TestSubgraph;
let calls: InProcessCalls;
let house: Viewer;
let tenantId: string;
let owner: { issuer: string; subject: string };
beforeAll(async () => {
  subgraph = await openTestSubgraph(access);
  calls = new InProcessCalls();
  calls.add(access.calls!(subgraph.deps));
  const made = await create({ runsHouse: true });
  house = staffOf(made.tenantId, { subjectId: made.staffId });
});
afterAll(() => subgraph.close());

const person = (): { issuer: string; subject: string } => ({ issuer: ISSUER, subject: newId('usr') });
async function create(over: object = {}, who = person()): Promise<{ tenantId: string; staffId: string; owner: typeof who }> {
  return { ...(await calls.invoke(createTenant, { name: 'Shop', owner: { ...who, name: 'Owner' }, partnerKey: null, ...over })), owner: who };
}
beforeEach(async () => { ({ tenantId, owner } = await create()); });

const FIELDS = 'tenant { id name standing { status packageId expiresAt accountLimit accounts version createdBy updatedBy deletedAt } } userErrors { code field retryable }';
async function tell(mutation: string, input: object, viewer = house): Promise<Json> {
  const answer = await subgraph.ask(`mutation($input: ${mutation[0]!.toUpperCase()}${mutation.slice(1)}Input!) { ${mutation}(input: $input) { ${FIELDS} } }`, { input: { tenantId, ...input } }, viewer);
  return answer.data?.[mutation] ?? { errors: answer.errors.map(({ code }) => code) };
}
const change = (input: object, viewer = house): Promise<Json> => tell('changeTenant', input, viewer);
const signIn = (who = owner) => calls.invoke(resolveViewer, { kind: 'staff', ...who });
const ask = async (query: string, variables: Record<string, unknown> = {}, viewer = house): Promise<Answer> => subgraph.ask(query, variables, viewer);
const actions = async (): Promise<Json> => (await ask('{ auditEntries { nodes { action actorId reason details { name value } } } }', {}, staffOf(tenantId))).data?.auditEntries.nodes;

describe('a tenant', () => {
  it('begins enabled, without an end or a limit, and shows who runs the house and its owner how it stands', async () => {
    const { data } = await ask('query($id: ID!) { tenant(id: $id) { name standing { status packageId expiresAt accountLimit accounts version createdBy createdAt updatedAt deletedAt } } }', { id: tenantId });
    const standing = { status: 'ENABLED', packageId: 'standard', expiresAt: null, accountLimit: null, accounts: 1, version: 1, createdBy: 'access.create-tenant', createdAt: expect.any(String), updatedAt: expect.any(String), deletedAt: null };
    expect(data?.tenant).toEqual({ name: 'Shop', standing });
    const own = await ask('{ viewer { tenant { standing { status accounts } } } }', {}, staffOf(tenantId, { scopes: ROLES.OWNER }));
    expect(own.data?.viewer.tenant.standing).toEqual({ status: 'ENABLED', accounts: 1 });
    expect((await ask('{ viewer { tenant { standing { status } } } }', {}, staffOf(tenantId, { scopes: ['orders:read'] }))).errors[0]?.code).toBe('FORBIDDEN');
  });

  it('is changed by who runs the house, with the version that was seen, and that is written down', async () => {
    const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
    const { tenant } = await change({ name: 'Tea', packageId: 'gold', expiresAt, accountLimit: 3, expectedVersion: 1 });
    expect(tenant).toMatchObject({ name: 'Tea', standing: { packageId: 'gold', expiresAt, accountLimit: 3, version: 2, updatedBy: house.subjectId } });
    expect(await change({ name: 'Coffee', expectedVersion: 1 })).toMatchObject({ tenant: null, userErrors: [{ code: 'TENANT_CHANGED', field: ['expectedVersion'], retryable: true }] });
    expect((await change({ name: 'Tea' })).tenant.standing.version).toBe(2);
    expect((await change({ expiresAt: null, accountLimit: null })).tenant.standing).toMatchObject({ expiresAt: null, accountLimit: null, packageId: 'gold', version: 3 });
    expect((await actions()).filter(({ action }: Json) => action === 'tenant-changed')[1]).toMatchObject({ actorId: house.subjectId, details: expect.arrayContaining([{ name: 'packageId', value: 'gold' }]) });
  });

  it.each([
    ['NAME_INVALID', { name: ' ' }],
    ['PACKAGE_INVALID', { packageId: 'Gold Plus' }],
    ['ACCOUNT_LIMIT_INVALID', { accountLimit: 0 }],
  ])('is not changed: %s', async (code, input) => {
    expect(await change(input)).toMatchObject({ tenant: null, userErrors: [{ code }] });
  });

  it('cannot be found where there is none, and nobody shuts their own', async () => {
    for (const mutation of ['changeTenant', 'restoreTenant'] as const) expect(await tell(mutation, { tenantId: newId('ten') })).toMatchObject({ userErrors: [{ code: 'TENANT_NOT_FOUND' }] });
    const own = { tenantId: house.tenantId };
    for (const input of [{ status: 'DISABLED' }, { expiresAt: new Date().toISOString() }]) expect(await change({ ...own, ...input })).toMatchObject({ userErrors: [{ code: 'OWN_TENANT' }] });
    expect(await tell('deleteTenant', { ...own, reason: 'why not' })).toMatchObject({ userErrors: [{ code: 'OWN_TENANT' }] });
    expect(await tell('deleteTenant', { reason: ' ' })).toMatchObject({ userErrors: [{ code: 'REASON_INVALID' }] });
  });

  it('is neither seen nor changed by owners who do not run the house', async () => {
    const other = staffOf(tenantId, { scopes: ROLES.OWNER });
    expect(HOUSE_SCOPES.some((scope) => (ROLES.OWNER as readonly string[]).includes(scope))).toBe(false);
    for (const query of ['{ tenants { nodes { id } } }', `{ tenant(id: "${tenantId}") { id } }`]) expect((await ask(query, {}, other)).errors[0]?.code).toBe('FORBIDDEN');
    expect((await change({ status: 'DISABLED' }, other)).errors).toEqual(['FORBIDDEN']);
    expect((await signIn())?.scopes).toEqual([...ROLES.OWNER]);
  });

  it('is listed with its people by three statements for all, without those that are deleted', async () => {
    let answer: Answer | undefined;
    await tell('deleteTenant', { reason: 'closed' });
    const list = (args: string) => ask(`{ tenants(first: 250${args}) { totalCount nodes { id standing { accounts } } } }`);
    answer = await list('');
    expect(answer.data?.tenants.nodes.map(({ id }: Json) => id)).not.toContain(tenantId);
    answer = await list(', withDeleted: true');
    expect(answer.data?.tenants.nodes[0]).toEqual({ id: tenantId, standing: { accounts: 1 } });
    expect(answer.data?.tenants.totalCount).toBe(answer.data?.tenants.nodes.length);
    const page = (await ask('{ tenants(first: 1, withDeleted: true) { pageInfo { endCursor hasNextPage } } }')).data?.tenants.pageInfo;
    expect((await ask(`{ tenants(first: 1, after: "${page.endCursor}") { nodes { id } } }`)).data?.tenants.nodes[0].id).not.toBe(tenantId);
  });
});

describe('a tenant that is shut', () => {
  const let_in = async (): Promise<unknown[]> => [await signIn() !== null, await calls.invoke(resolveViewer, { kind: 'partner', keyHash: KEY }) !== null, await calls.invoke(tenantIsOpen, { tenantId })];

  it.each([
    ['disabled', { status: 'DISABLED' }, { status: 'ENABLED' }],
    ['at its end', { expiresAt: '2024-01-01T00:00:00Z' }, { expiresAt: '2999-01-01T00:00:00Z' }],
  ])('lets none of its people and keys in while it is %s, and all of them after', async (_how, shut, open) => {
    await create({ partnerKey: { hash: KEY, prefix: 'qyk_abc', name: 'Demo' } }, owner);
    await subgraph.rows(tenantId, 'select 1');
    const before = await let_in();
    expect([before[0], before[2]]).toEqual([true, true]);
    await change(shut);
    expect([await signIn(), await calls.invoke(tenantIsOpen, { tenantId })]).toEqual([null, false]);
    await change(open);
    expect(await let_in()).toEqual(before);
  });

  it('lets its partner keys in no more, by their hash or their id', async () => {
    const hash = newId('key').slice(-26).padEnd(64, '0').replaceAll(/[^0-9a-f]/g, 'e');
    await create({ partnerKey: { hash, prefix: 'qyk_abc', name: 'Demo' } }, owner);
    const key = (await calls.invoke(resolveViewer, { kind: 'partner', keyHash: hash }))!;
    await change({ status: 'DISABLED' });
    expect([await calls.invoke(resolveViewer, { kind: 'partner', keyHash: hash }), await calls.invoke(resolveViewer, { kind: 'partner-key', tenantId, keyId: key.subjectId })]).toEqual([null, null]);
  });

  it('by being deleted stays as rows, is told once, changes no more, and can be restored', async () => {
    expect((await tell('deleteTenant', { reason: 'closed' })).tenant.standing.deletedAt).not.toBeNull();
    expect((await tell('deleteTenant', { reason: 'again' })).userErrors).toEqual([]);
    expect([await signIn(), await calls.invoke(tenantIsOpen, { tenantId })]).toEqual([null, false]);
    expect(await change({ status: 'ENABLED' })).toMatchObject({ userErrors: [{ code: 'TENANT_DELETED' }] });
    expect((await tell('restoreTenant', {})).tenant.standing).toMatchObject({ deletedAt: null, version: 3 });
    expect((await tell('restoreTenant', {})).tenant.standing.version).toBe(3);
    expect(await signIn()).not.toBeNull();
    const told = (await subgraph.recorded()).filter(({ type, subject }) => subject === tenantId && type !== 'access.tenant-created.v1').map(({ type }) => type);
    expect(told).toEqual(['access.tenant-deleted.v1', 'access.tenant-restored.v1']);
    expect((await actions()).slice(0, 2)).toMatchObject([{ action: 'tenant-restored', reason: null }, { action: 'tenant-deleted', reason: 'closed' }]);
  });
});

describe('accounts of a tenant', () => {
  it('are limited, also where two are let in at once, and who is there stays', async () => {
    await change({ accountLimit: 2 });
    const invite = async (): Promise<Json> => (await ask('mutation($input: InviteStaffInput!) { inviteStaff(input: $input) { userErrors { code } } }', { input: { ...person(), name: 'Li', role: 'READER', idempotencyKey: newId('req') } }, staffOf(tenantId))).data?.inviteStaff;
    const codes = (await Promise.all([invite(), invite(), invite()])).flatMap(({ userErrors }) => userErrors.map(({ code }: Json) => code));
    expect(codes).toEqual(['ACCOUNT_LIMIT_REACHED', 'ACCOUNT_LIMIT_REACHED']);
    expect((await change({ accountLimit: 1 })).tenant.standing).toMatchObject({ accountLimit: 1, accounts: 2 });
    expect(await signIn()).not.toBeNull();
    expect(await tell('inviteTenantOwner', { ...person(), name: 'Second' })).toMatchObject({ userErrors: [{ code: 'ACCOUNT_LIMIT_REACHED' }] });
  });

  it('of owners are opened by who runs the house, once for each identity', async () => {
    const second = person();
    for (let n = 0; n < 2; n += 1) expect((await tell('inviteTenantOwner', { ...second, name: 'Second' })).tenant.standing.accounts).toBe(2);
    expect(await signIn(second)).toMatchObject({ tenantId, scopes: [...ROLES.OWNER] });
    const elsewhere = (await create()).owner;
    expect(await tell('inviteTenantOwner', { ...elsewhere, name: 'X' })).toMatchObject({ userErrors: [{ code: 'IDENTITY_TAKEN' }] });
    expect(await tell('inviteTenantOwner', { ...person(), name: '' })).toMatchObject({ userErrors: [{ code: 'NAME_INVALID' }] });
    expect(await tell('inviteTenantOwner', { issuer: '', subject: 'x', name: 'X' })).toMatchObject({ userErrors: [{ code: 'IDENTITY_INVALID' }] });
    expect(await tell('inviteTenantOwner', { tenantId: newId('ten'), ...person(), name: 'X' })).toMatchObject({ userErrors: [{ code: 'TENANT_NOT_FOUND' }] });
  });

  it('run the house by the word of the operator alone, and only as owners', async () => {
    expect((await signIn())?.scopes).not.toContain('tenants:write');
    await create({ runsHouse: true }, owner);
    expect((await signIn())?.scopes).toEqual(expect.arrayContaining([...HOUSE_SCOPES]));
    const [{ version }] = await subgraph.rows<{ version: number }>(tenantId, 'select version from staff') as [{ version: number }];
    await create({ runsHouse: true }, owner);
    expect(await subgraph.rows(tenantId, 'select version from staff')).toEqual([{ version }]);
    await subgraph.deps.database.write(tenantId, 'test', (em) => em.execute("update staff set role = 'READER'"));
    expect((await signIn())?.scopes).toEqual([...ROLES.READER]);
  });
});
