import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { createTenant, InProcessCalls, resolveViewer } from '@quanyu/calls';
import { openDatabase } from '@quanyu/database';
import { newId } from '@quanyu/ids';
import { databaseDefinition } from '@quanyu/subgraph';
import { createTestDatabase, openTestSubgraph, staffOf, type Answer, type TestSubgraph } from '@quanyu/testing';
import { Viewer } from '@quanyu/viewer';
import { access } from '../subgraph.js';

const ISSUER = 'https://issuer.test';
let subgraph: TestSubgraph;
let calls: InProcessCalls;
let tenantId: string;
let ownerId: string;
let owner: Viewer;
beforeAll(async () => {
  subgraph = await openTestSubgraph(access);
  calls = new InProcessCalls();
  calls.add(access.calls!(subgraph.deps));
});
afterAll(() => subgraph.close());
// A tenant of its own for each test: the last owner is a fact of the whole tenant.
beforeEach(async () => {
  ({ tenantId, staffId: ownerId } = await calls.invoke(createTenant, { name: 'Shop', owner: { issuer: ISSUER, subject: newId('usr'), name: 'Owner' }, partnerKey: null }));
  owner = staffOf(tenantId, { subjectId: ownerId });
});

const STAFF = 'staff { id name role issuer subject allChannels channels { id } version removedAt } userErrors { code field retryable }';
const ask = async (mutation: string, input: object, selection = STAFF, viewer = owner): Promise<NonNullable<Answer['data']>> => {
  const type = `${mutation[0]!.toUpperCase()}${mutation.slice(1)}Input!`;
  const answer = await subgraph.ask(`mutation($input: ${type}) { ${mutation}(input: $input) { ${selection} } }`, { input }, viewer);
  return answer.data?.[mutation] ?? { errors: answer.errors.map(({ code }) => code) };
};
const invite = (over: object = {}) => ask('inviteStaff', { issuer: ISSUER, subject: newId('usr'), name: 'Li', role: 'OPERATOR', idempotencyKey: newId('req'), ...over });
const resolve = (staff: { issuer: string; subject: string }) => calls.invoke(resolveViewer, { kind: 'staff', issuer: staff.issuer, subject: staff.subject });
const actions = async (subject: string, viewer = owner): Promise<string[]> =>
  (await subgraph.ask('query($subject: ID!) { auditEntries(filter: { subject: $subject }) { nodes { action } } }', { subject }, viewer)).data?.auditEntries.nodes.map((node: { action: string }) => node.action);

describe('viewer', () => {
  const QUERY = '{ viewer { kind id name scopes allChannels channels { id } tenant { id name timeZone baseCurrency } } }';

  it('says who asks', async () => {
    const con = newId('con');
    const agent = staffOf(tenantId, { subjectId: 'stf_a', name: 'Li', scopes: ['orders:read'], channels: [con] });
    expect((await subgraph.ask(QUERY, {}, agent)).data?.viewer).toEqual({
      kind: 'STAFF', id: 'stf_a', name: 'Li', scopes: ['orders:read'], allChannels: false, channels: [{ id: con }],
      tenant: { id: tenantId, name: 'Shop', timeZone: 'Asia/Shanghai', baseCurrency: 'CNY' },
    });
  });

  it('does not know strangers', async () => {
    expect((await subgraph.ask(QUERY, {}, Viewer.anonymous)).errors[0]?.code).toBe('UNAUTHENTICATED');
  });
});

describe('staff', () => {
  it('are let in with role and channels, once, and written down', async () => {
    const input = { subject: newId('usr'), role: 'SERVICE_AGENT', channelIds: [newId('con'), newId('con')], idempotencyKey: 'invite-1' };
    const { staff, userErrors } = await invite(input);
    expect(userErrors).toEqual([]);
    expect(staff).toMatchObject({ role: 'SERVICE_AGENT', allChannels: false, channels: input.channelIds.map((id) => ({ id })), version: 1 });
    expect((await invite(input)).staff.id).toBe(staff.id);
    expect((await invite({ ...input, name: 'Wang' })).errors).toEqual(['IDEMPOTENCY_KEY_REUSED']);
    expect(await resolve(staff)).toMatchObject({ tenantId, subjectId: staff.id, channels: input.channelIds, scopes: expect.arrayContaining(['tickets:write']) });
    expect(await actions(staff.id)).toEqual(['staff-invited']);
  });

  it.each([
    ['NAME_INVALID', { name: ' ' }],
    ['IDENTITY_INVALID', { subject: '' }],
    ['CHANNELS_CONFLICT', { allChannels: true, channelIds: [newId('con')] }],
    ['CHANNELS_CONFLICT', { role: 'OWNER', channelIds: [newId('con')] }],
  ])('are refused with %s', async (code, over) => {
    expect(await invite(over)).toMatchObject({ staff: null, userErrors: [{ code }] });
  });

  it('are refused when the identity is in use, here or in another tenant', async () => {
    const { staff } = await invite();
    expect(await invite({ subject: staff.subject })).toMatchObject({ userErrors: [{ code: 'IDENTITY_TAKEN' }] });
    const other = await calls.invoke(createTenant, { name: 'Other', owner: { issuer: ISSUER, subject: newId('usr'), name: 'O' }, partnerKey: null });
    expect(await ask('inviteStaff', { issuer: ISSUER, subject: staff.subject, name: 'X', role: 'READER', idempotencyKey: 'x' }, STAFF, staffOf(other.tenantId)))
      .toMatchObject({ staff: null, userErrors: [{ code: 'IDENTITY_TAKEN' }] });
  });

  it('get another role or other channels, with the version that was seen', async () => {
    const { staff } = await invite();
    const con = newId('con');
    expect((await ask('setStaffRole', { staffId: staff.id, role: 'FINANCE', expectedVersion: 1 })).staff).toMatchObject({ role: 'FINANCE', version: 2 });
    expect(await ask('setStaffRole', { staffId: staff.id, role: 'READER', expectedVersion: 1 })).toMatchObject({ staff: null, userErrors: [{ code: 'VERSION_CONFLICT', retryable: true }] });
    expect((await ask('setStaffRole', { staffId: staff.id, role: 'FINANCE' })).staff.version).toBe(2);
    expect((await ask('setStaffChannels', { staffId: staff.id, channelIds: [con] })).staff).toMatchObject({ channels: [{ id: con }], version: 3 });
    expect((await resolve(staff))?.channels).toEqual([con]);
    expect((await ask('setStaffChannels', { staffId: staff.id, allChannels: true })).staff).toMatchObject({ allChannels: true, channels: [], version: 4 });
    expect((await resolve(staff))?.channels).toBe('all');
    expect(await ask('setStaffChannels', { staffId: ownerId, channelIds: [con] })).toMatchObject({ userErrors: [{ code: 'CHANNELS_CONFLICT' }] });
    expect(await actions(staff.id)).toEqual(['staff-channels-set', 'staff-channels-set', 'staff-role-set', 'staff-invited']);
  });

  it('that are removed are nobody at once, and may come again', async () => {
    const { staff } = await invite();
    expect((await ask('removeStaff', { staffId: staff.id })).staff.removedAt).not.toBeNull();
    expect(await resolve(staff)).toBeNull();
    expect(await ask('removeStaff', { staffId: staff.id })).toMatchObject({ userErrors: [{ code: 'STAFF_NOT_FOUND' }] });
    const again = await invite({ subject: staff.subject });
    expect(again.staff.id).not.toBe(staff.id);
    const { nodes } = (await subgraph.ask('{ staff { nodes { id } } }', {}, owner)).data?.staff;
    expect(nodes).toEqual([{ id: again.staff.id }, { id: ownerId }]);
  });

  it('always keep an owner, also when two owners remove each other at once', async () => {
    expect(await ask('removeStaff', { staffId: ownerId })).toMatchObject({ userErrors: [{ code: 'LAST_OWNER' }] });
    expect(await ask('setStaffRole', { staffId: ownerId, role: 'READER' })).toMatchObject({ userErrors: [{ code: 'LAST_OWNER' }] });
    const { staff } = await invite({ role: 'OWNER' });
    const results = await Promise.all([ask('removeStaff', { staffId: ownerId }), ask('setStaffRole', { staffId: staff.id, role: 'READER' })]);
    expect(results.flatMap((result) => result.userErrors.map((error: { code: string }) => error.code))).toEqual(['LAST_OWNER']);
  });

  it('list their channels with one statement for all', async () => {
    for (let n = 0; n < 3; n += 1) await invite({ channelIds: [newId('con'), newId('con')] });
    let answer: Answer | undefined;
    const statements = await subgraph.sql.during(async () => { answer = await subgraph.ask('{ staff { nodes { channels { id } } } }', {}, owner); });
    expect(answer?.data?.staff.nodes.map((node: { channels: unknown[] }) => node.channels.length)).toEqual([2, 2, 2, 0]);
    expect(statements).toHaveLength(2);
  });

  it('need rights to be seen and changed; colleagues see no more than the name', async () => {
    const reader = staffOf(tenantId, { scopes: ['orders:read'] });
    expect((await subgraph.ask('{ staff { nodes { id } } }', {}, reader)).errors[0]?.code).toBe('FORBIDDEN');
    expect((await subgraph.ask('{ partnerKeys { nodes { id } } }', {}, reader)).errors[0]?.code).toBe('FORBIDDEN');
    expect((await subgraph.ask('{ auditEntries { nodes { id } } }', {}, reader)).errors[0]?.code).toBe('FORBIDDEN');
    expect((await ask('removeStaff', { staffId: ownerId }, STAFF, staffOf(tenantId, { scopes: ['access:read'] }))).errors).toEqual(['FORBIDDEN']);
    const entities = (fields: string, viewer: Viewer) =>
      subgraph.ask(`query($refs: [_Any!]!) { _entities(representations: $refs) { ... on Staff { ${fields} } } }`, { refs: [{ __typename: 'Staff', id: ownerId }] }, viewer);
    expect((await entities('name', reader)).data?._entities).toEqual([{ name: 'Owner' }]);
    expect((await entities('subject', reader)).errors[0]?.code).toBe('FORBIDDEN');
    expect((await entities('name', staffOf(tenantId, { kind: 'partner', scopes: ['tickets:read'] }))).errors[0]?.code).toBe('FORBIDDEN');
  });
});

describe('partner keys', () => {
  const KEY = 'clearKey partnerKey { id name prefix scopes allChannels channels { id } revokedAt } userErrors { code field }';
  const createKey = (over: object = {}) => ask('createPartnerKey', { name: 'ERP', scopes: ['catalog:read'], allChannels: true, idempotencyKey: newId('req'), ...over }, KEY);
  const byKey = (clear: string) => calls.invoke(resolveViewer, { kind: 'partner', keyHash: createHash('sha256').update(clear).digest('hex') });

  it('are shown once and work until they are revoked', async () => {
    const con = newId('con');
    const input = { scopes: ['orders:read'], allChannels: false, channelIds: [con], idempotencyKey: 'key-1' };
    const { clearKey, partnerKey } = await createKey(input);
    expect(clearKey).toMatch(/^qyk_[0-9A-Za-z]{40}$/);
    expect(clearKey.startsWith(partnerKey.prefix)).toBe(true);
    expect(await byKey(clearKey)).toEqual({ kind: 'partner', tenantId, subjectId: partnerKey.id, name: 'ERP', scopes: ['orders:read'], channels: [con] });
    const byId = (tenant: string) => calls.invoke(resolveViewer, { kind: 'partner-key', tenantId: tenant, keyId: partnerKey.id });
    expect([await byId(tenantId), await byId(newId('ten'))]).toEqual([await byKey(clearKey), null]);
    expect(await createKey(input)).toMatchObject({ clearKey: null, partnerKey: { id: partnerKey.id }, userErrors: [] });
    const stored = JSON.stringify([await subgraph.rows(tenantId, 'select * from partner_key'), await subgraph.rows(tenantId, 'select * from idempotency_key'), await subgraph.rows(tenantId, 'select * from audit_entry')]);
    expect(stored).not.toContain(clearKey);

    const REVOKE = 'partnerKey { revokedAt } userErrors { code }';
    const { partnerKey: revoked } = await ask('revokePartnerKey', { keyId: partnerKey.id }, REVOKE);
    expect(revoked.revokedAt).not.toBeNull();
    expect(await byId(tenantId)).toBeNull();
    expect(await ask('revokePartnerKey', { keyId: partnerKey.id }, REVOKE)).toEqual({ partnerKey: revoked, userErrors: [] });
    expect(await byKey(clearKey)).toBeNull();
    expect(await actions(partnerKey.id)).toEqual(['partner-key-revoked', 'partner-key-created']);
  });

  it.each([
    ['SCOPE_NOT_GRANTABLE', { scopes: ['catalog:read', 'access:write'] }],
    ['SCOPE_NOT_GRANTABLE', { scopes: ['members:pii'] }],
    ['NAME_INVALID', { name: '' }],
    ['CHANNELS_CONFLICT', { channelIds: [newId('con')] }],
  ])('are refused with %s', async (code, over) => {
    expect(await createKey(over)).toMatchObject({ clearKey: null, partnerKey: null, userErrors: [{ code }] });
  });

  it('cannot be revoked when there is none', async () => {
    expect(await ask('revokePartnerKey', { keyId: newId('key') }, 'userErrors { code }')).toEqual({ userErrors: [{ code: 'KEY_NOT_FOUND' }] });
  });
});

describe('two tenants', () => {
  it('see nothing of each other and change nothing', async () => {
    const { staff } = await invite();
    const { partnerKey } = await ask('createPartnerKey', { name: 'ERP', scopes: [], allChannels: true, idempotencyKey: 'k' }, 'partnerKey { id }');
    const other = await calls.invoke(createTenant, { name: 'Other', owner: { issuer: ISSUER, subject: newId('usr'), name: 'O' }, partnerKey: null });
    const stranger = staffOf(other.tenantId);
    const lists = (await subgraph.ask('{ staff { nodes { id } totalCount } partnerKeys { nodes { id } totalCount } auditEntries { nodes { subject } } }', {}, stranger)).data;
    expect(lists).toMatchObject({ staff: { nodes: [{ id: other.staffId }], totalCount: 1 }, partnerKeys: { nodes: [], totalCount: 0 } });
    expect(lists?.auditEntries.nodes.map((node: { subject: string }) => node.subject).sort()).toEqual([other.staffId, other.tenantId].sort());
    const refs = 'query($refs: [_Any!]!) { _entities(representations: $refs) { ... on Staff { name } } }';
    expect((await subgraph.ask(refs, { refs: [{ __typename: 'Staff', id: staff.id }] }, stranger)).data?._entities).toEqual([null]);
    for (const [mutation, input] of [['removeStaff', { staffId: staff.id }], ['setStaffRole', { staffId: staff.id, role: 'OWNER' }], ['setStaffChannels', { staffId: staff.id }]] as const) {
      expect(await ask(mutation, input, 'userErrors { code }', stranger)).toEqual({ userErrors: [{ code: 'STAFF_NOT_FOUND' }] });
    }
    expect(await ask('revokePartnerKey', { keyId: partnerKey.id }, 'userErrors { code }', stranger)).toEqual({ userErrors: [{ code: 'KEY_NOT_FOUND' }] });
    expect((await resolve(staff))?.tenantId).toBe(tenantId);
  });
});

describe('the audit log', () => {
  it('says who, what and in which request', async () => {
    const { staff } = await invite();
    const query = 'query($subject: ID!) { auditEntries(filter: { subject: $subject, action: "staff-invited" }) { totalCount nodes { actorKind actorId requestId at details { name value } } } }';
    const { auditEntries } = (await subgraph.ask(query, { subject: staff.id }, owner)).data!;
    expect(auditEntries).toEqual({ totalCount: 1, nodes: [{
      actorKind: 'STAFF', actorId: ownerId, requestId: expect.stringMatching(/^req_/), at: expect.any(String),
      details: [{ name: 'role', value: 'OPERATOR' }, { name: 'channels', value: '' }],
    }] });
  });

  it.each(["update audit_entry set action = 'x'", 'delete from audit_entry', 'truncate audit_entry'])('refuses the app role: %s', async (sql) => {
    await expect(subgraph.deps.database.write(tenantId, 'test', (em) => em.execute(sql))).rejects.toMatchObject({ code: '42501' });
  });

  it.each(["update audit_entry set action = 'x'", 'delete from audit_entry', 'truncate audit_entry'])('refuses the owner of the table too: %s', async (sql) => {
    const fresh = await createTestDatabase([databaseDefinition(access)]);
    const { owner: url } = fresh.urls('access');
    const asOwner = await openDatabase(databaseDefinition(access), { app: url, system: url, owner: url });
    await expect(asOwner.write(tenantId, 'test', (em) => em.execute(sql))).rejects.toThrow(/append-only/);
    await asOwner.close();
    await fresh.drop();
  });
});
