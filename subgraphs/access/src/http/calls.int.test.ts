import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTenant, ensureTenant, InProcessCalls, noteFieldUsage, resolveViewer } from '@quanyu/calls';
import { newId } from '@quanyu/ids';
import { openTestSubgraph, staffOf, type TestSubgraph } from '@quanyu/testing';
import { ROLES } from '@quanyu/viewer';
import { access } from '../subgraph.js';

const ISSUER = 'https://issuer.test';
let subgraph: TestSubgraph;
let calls: InProcessCalls;
beforeAll(async () => {
  subgraph = await openTestSubgraph(access);
  calls = new InProcessCalls();
  calls.add(access.calls!(subgraph.deps));
});
afterAll(() => subgraph.close());

const identity = (): { issuer: string; subject: string } => ({ issuer: ISSUER, subject: newId('usr') });
const keyOf = (letter: string): { hash: string; prefix: string; name: string } => ({ hash: letter.repeat(64), prefix: 'qyk_abc', name: 'Demo' });
const create = (owner: { issuer: string; subject: string }, over: object = {}) => calls.invoke(createTenant, { name: 'Shop', owner: { ...owner, name: 'Owner' }, partnerKey: null, ...over });
const viewerOf = (who: { issuer: string; subject: string }) => calls.invoke(resolveViewer, { kind: 'staff', ...who });

describe('access.create-tenant', () => {
  it('makes a tenant with an owner and a key, tells it and writes it down', async () => {
    const owner = identity();
    const { tenantId, staffId } = await create(owner, { partnerKey: keyOf('a') });
    expect(await viewerOf(owner)).toEqual({ kind: 'staff', tenantId, subjectId: staffId, name: 'Owner', scopes: [...ROLES.OWNER], channels: 'all' });
    expect(await calls.invoke(resolveViewer, { kind: 'partner', keyHash: 'a'.repeat(64) })).toMatchObject({
      kind: 'partner', tenantId, name: 'Demo', channels: 'all', scopes: ['catalog:read', 'inventory:read', 'orders:read', 'channels:read'],
    });
    const told = (await subgraph.recorded('access.tenant-created.v1')).filter((event) => event.subject === tenantId);
    expect(told.map(({ data }) => data)).toEqual([{ tenantId, name: 'Shop', timeZone: 'Asia/Shanghai', baseCurrency: 'CNY' }]);
    const audit = await subgraph.rows<{ action: string; actor_kind: string }>(tenantId, 'select action, actor_kind from audit_entry order by action');
    expect(audit).toEqual(['partner-key-created', 'staff-invited', 'tenant-created'].map((action) => ({ action, actor_kind: 'service' })));
  });

  it('answers the same tenant again, also when asked many times at once', async () => {
    const owner = identity();
    const answers = await Promise.all(Array.from({ length: 8 }, () => create(owner, { partnerKey: keyOf('b') })));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    const { tenantId } = answers[0]!;
    expect(await create(owner, { name: 'Other name' })).toEqual(answers[0]);
    expect((await subgraph.recorded('access.tenant-created.v1')).filter((event) => event.subject === tenantId)).toHaveLength(1);
    expect(await subgraph.rows(tenantId, 'select 1 from partner_key')).toHaveLength(1);
    expect(await subgraph.rows(tenantId, 'select 1 from audit_entry')).toHaveLength(3);
  });

  it('adds a key that is new to a tenant that is there, and never revives a revoked one', async () => {
    const owner = identity();
    const { tenantId } = await create(owner);
    await create(owner, { partnerKey: keyOf('c') });
    const [key] = await subgraph.rows<{ id: string }>(tenantId, 'select id from partner_key');
    const revoke = 'mutation($keyId: ID!) { revokePartnerKey(input: { keyId: $keyId }) { partnerKey { revokedAt } } }';
    await subgraph.ask(revoke, { keyId: key!.id }, staffOf(tenantId));
    await create(owner, { partnerKey: keyOf('c') });
    expect(await calls.invoke(resolveViewer, { kind: 'partner', keyHash: 'c'.repeat(64) })).toBeNull();
  });

  it('refuses an owner who works for another tenant, and zones that do not exist', async () => {
    const { tenantId } = await create(identity());
    const agent = identity();
    await subgraph.ask(
      'mutation($input: InviteStaffInput!) { inviteStaff(input: $input) { staff { id } } }',
      { input: { ...agent, name: 'Agent', role: 'SERVICE_AGENT', idempotencyKey: 'k' } }, staffOf(tenantId));
    await expect(create(agent)).rejects.toMatchObject({ code: 'IDENTITY_TAKEN' });
    await expect(create(identity(), { timeZone: 'Asia/Nowhere' })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });
});

describe('access.ensure-tenant', () => {
  it('makes one tenant for a shop that nobody may enter, also when asked many times at once, and tells it once', async () => {
    const shop = `${newId('con')}.myshoplaza.com`;
    const ensure = (platform = 'SHOPLAZZA') => calls.invoke(ensureTenant, { platform, shop, name: '茶店' });
    const answers = await Promise.all(Array.from({ length: 8 }, () => ensure()));
    expect(new Set(answers.map(({ tenantId }) => tenantId)).size).toBe(1);
    const { tenantId } = answers[0]!;
    expect(await subgraph.rows(tenantId, 'select name, status, package_id, created_by from tenant')).toEqual([{ name: '茶店', status: 'ENABLED', package_id: 'standard', created_by: 'access.ensure-tenant' }]);
    expect(await subgraph.rows(tenantId, 'select 1 from staff')).toEqual([]);
    expect((await subgraph.recorded('access.tenant-created.v1')).filter((event) => event.subject === tenantId)).toHaveLength(1);
    expect((await ensure('SHOPIFY')).tenantId).not.toBe(tenantId);
  });
});

describe('access.resolve-viewer', () => {
  it('knows nobody by a foreign subject, issuer or key', async () => {
    const owner = identity();
    await create(owner);
    expect(await viewerOf({ ...owner, subject: `${owner.subject}x` })).toBeNull();
    expect(await viewerOf({ ...owner, issuer: 'https://other.test' })).toBeNull();
    expect(await calls.invoke(resolveViewer, { kind: 'partner', keyHash: '0'.repeat(64) })).toBeNull();
  });
});

describe('the rights of the database', () => {
  it('let the system role look up credentials, and nothing else', async () => {
    const { system } = subgraph.deps.database;
    for (const table of ['staff', 'staff_channel', 'partner_key', 'tenant']) await expect(system.query(`select 1 from ${table}`)).resolves.toBeDefined();
    for (const sql of ['update tenant set name = name', 'select 1 from audit_entry', 'update staff set role = role', 'delete from partner_key', "insert into staff_channel values ('a', 'b', 'c')"]) {
      await expect(system.query(sql)).rejects.toMatchObject({ code: '42501' });
    }
  });

  it('show the app no row when no tenant is set', async () => {
    await create(identity());
    for (const table of ['tenant', 'staff', 'partner_key', 'audit_entry']) expect(await subgraph.rows('', `select 1 from ${table}`)).toEqual([]);
  });
});

describe('access.note-field-usage', () => {
  it('keeps the highest that each gateway has counted, and tells who has used a field', async () => {
    const { tenantId } = await create(identity());
    const { tenantId: other } = await create(identity());
    const [{ today }] = await subgraph.rows<{ today: string }>(tenantId, `select to_char(app_now() at time zone 'UTC', 'YYYY-MM-DD') as today`) as [{ today: string }];
    const note = (requests: number, over: object = {}) => calls.invoke(noteFieldUsage, { tenantId, gatewayId: 'g1', day: today, counts: [{ client: 'desk', field: 'Product.title', requests }], ...over });
    for (const requests of [3, 7, 7, 5]) await note(requests);
    await note(2, { gatewayId: 'g2' });
    await note(1, { counts: [{ client: 'key_1', field: 'Product.title', requests: 1 }, { client: 'desk', field: 'Sku.code', requests: 50 }] });
    await note(9, { day: '2024-01-01', gatewayId: 'g0' });
    await note(100, { tenantId: other });
    await note(1, { counts: [] });
    const usage = async (args: string, viewer = staffOf(tenantId)) => subgraph.ask(`{ fieldUsage${args} { field client requests lastDay } }`, {}, viewer);
    expect((await usage('(field: "Product.title")')).data?.fieldUsage).toEqual([{ field: 'Product.title', client: 'desk', requests: 9, lastDay: today }, { field: 'Product.title', client: 'key_1', requests: 1, lastDay: today }]);
    expect((await usage('(client: "desk")')).data?.fieldUsage).toMatchObject([{ field: 'Sku.code', requests: 50 }, { field: 'Product.title', requests: 9 }]);
    expect((await usage('(field: "Product.brand")')).data?.fieldUsage).toEqual([]);
    expect((await usage('(days: 0)')).errors.map(({ code }) => code)).toEqual(['INPUT_INVALID']);
    expect((await usage('', staffOf(tenantId, { scopes: [] }))).errors.map(({ code }) => code)).toEqual(['FORBIDDEN']);
  });
});
