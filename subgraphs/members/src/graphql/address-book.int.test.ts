import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { adoptMemberIssuer, InProcessCalls, readMemberAddress, resolveMember } from '@quanyu/calls';
import { newId } from '@quanyu/ids';
import { openTestSubgraph, staffOf, TEST_TENANT, testVault, type Json, type TestSubgraph } from '@quanyu/testing';
import { Viewer } from '@quanyu/viewer';
import { members } from '../subgraph.js';

const ISSUER = 'https://shoppers.test';
let subgraph: TestSubgraph;
const calls = new InProcessCalls();
beforeAll(async () => {
  subgraph = await openTestSubgraph(members);
  calls.add(members.calls!(subgraph.deps));
  await calls.invoke(adoptMemberIssuer, { tenantId: TEST_TENANT, issuer: ISSUER });
});
afterAll(() => subgraph.close());

const signIn = async (subject: string, phone: string | null = null): Promise<Viewer> =>
  new Viewer((await calls.invoke(resolveMember, { issuer: ISSUER, subject, phone })) as ConstructorParameters<typeof Viewer>[0]);
const told = { name: '王小明', phone: '13712340007', address1: '样本街 3 号', city: '上海', countryCode: 'CN' };
let keys = 0;
const save = async (viewer: Viewer, over: object = {}): Promise<Json> => {
  keys += 1;
  const { data, errors } = await subgraph.ask('mutation($input: SaveAddressInput!) { saveAddress(input: $input) { addresses { id label isDefault name phone addressLine city } userErrors { code field } } }', { input: { ...told, idempotencyKey: `a${keys}`, ...over } }, viewer);
  return data?.saveAddress ?? { errors };
};
const remove = async (viewer: Viewer, addressId: string): Promise<Json> => (await subgraph.ask('mutation($id: ID!) { removeAddress(addressId: $id) { addresses { id } userErrors { code } } }', { id: addressId }, viewer)).data?.removeAddress;

describe('signing in', () => {
  it('is the same member each time, also by many at once, and a new one for each person', async () => {
    const many = await Promise.all(Array.from({ length: 8 }, () => signIn('ann')));
    expect(new Set(many.map(({ subjectId }) => subjectId)).size).toBe(1);
    expect(many[0]!.claims).toMatchObject({ kind: 'member', tenantId: TEST_TENANT, scopes: ['orders:buy'], channels: [] });
    expect((await signIn('bo')).subjectId).not.toBe(many[0]!.subjectId);
    let known: Viewer;
    expect(await subgraph.sql.during(async () => { known = await signIn('ann'); })).toHaveLength(1);
    expect(known!.subjectId).toBe(many[0]!.subjectId);
  });

  it('leads by a verified number to the member who has it, and tells it once', async () => {
    const [first, second] = [await signIn('mini', '+8613800000042'), await signIn('h5', '138 0000 0042')];
    expect(second.subjectId).toBe(first.subjectId);
    await signIn('mini', '+8613800000042');
    const events = (await subgraph.recorded('members.phone-verified.v1')).filter(({ subject }) => subject === first.subjectId);
    expect(events.map(({ data }) => data.phoneIndex)).toEqual([testVault().index('phone', '+8613800000042', TEST_TENANT), testVault().index('phone', '+8613800000042', TEST_TENANT)]);
    // One who is known keeps being who they are, whatever number they have by now.
    const dora = await signIn('dora');
    expect((await signIn('dora', '+8613800000042')).subjectId).toBe(dora.subjectId);
    expect((await signIn('odd', '12')).subjectId).not.toBe(first.subjectId);
  });

  it('knows nobody of an issuer that no tenant has, and an issuer stays with its first tenant', async () => {
    expect(await calls.invoke(resolveMember, { issuer: 'https://else.test', subject: 'x', phone: null })).toBeNull();
    expect(await calls.invoke(adoptMemberIssuer, { tenantId: 'ten_else', issuer: ISSUER })).toEqual({ tenantId: TEST_TENANT });
  });
});

describe('an address book', () => {
  it('keeps addresses sealed, shows them masked, the default first, and only to whom they belong', async () => {
    const [ann, bo] = [await signIn('ann'), await signIn('bo')];
    const { addresses: [home] } = await save(ann, { label: 'home' });
    expect(home).toMatchObject({ label: 'home', isDefault: true, name: '王**', phone: '137****0007', addressLine: '样本街***', city: '上海' });
    const { addresses } = await save(ann, { label: 'work', isDefault: true, address1: 'حي الزهور 5' });
    expect(addresses.map(({ label, isDefault }: Json) => [label, isDefault])).toEqual([['work', true], ['home', false]]);
    expect((await save(ann, { addressId: home.id, label: 'home', name: '赵六' })).addresses[1]).toMatchObject({ id: home.id, name: '赵**' });
    expect((await save(bo, { addressId: home.id })).userErrors).toEqual([{ code: 'ADDRESS_NOT_FOUND', field: ['addressId'] }]);
    expect((await remove(bo, home.id)).userErrors).toEqual([{ code: 'ADDRESS_NOT_FOUND' }]);
    expect((await subgraph.ask('{ myAddresses { id } }', {}, bo)).data?.myAddresses).toEqual([]);
    const rows = await subgraph.rows<Json>(TEST_TENANT, 'select (select json_agg(a) from member_address a)::text as book, (select json_agg(k) from idempotency_key k)::text as keys');
    for (const clear of ['王小明', '13712340007', '样本街']) expect(JSON.stringify(rows)).not.toContain(clear);
    expect(await calls.invoke(readMemberAddress, { tenantId: TEST_TENANT, memberId: bo.subjectId, addressId: home.id })).toBeNull();
    const { sealed } = (await calls.invoke(readMemberAddress, { tenantId: TEST_TENANT, memberId: ann.subjectId, addressId: home.id }))!;
    expect(JSON.parse(testVault().open(sealed, { tenantId: TEST_TENANT, row: home.id, field: 'address' }))).toMatchObject({ name: '赵六', phone: '+8613712340007' });
    expect((await remove(ann, home.id)).addresses).toHaveLength(1);
  });

  it.each<[string, object]>([
    ['ADDRESS_INVALID', { name: ' ' }], ['ADDRESS_INVALID', { phone: '12' }], ['ADDRESS_INVALID', { address1: '' }], ['ADDRESS_INVALID', { countryCode: 'China' }], ['LABEL_INVALID', { label: 'x'.repeat(41) }],
  ])('refuses with %s', async (code, over) => {
    expect((await save(await signIn('ann'), over)).userErrors).toMatchObject([{ code }]);
  });

  it('has one default and 50 addresses at most, also by many at once; staff have none', async () => {
    const eve = await signIn('eve');
    const answers = await Promise.all(Array.from({ length: 52 }, () => save(eve, { isDefault: true })));
    expect(answers.filter(({ userErrors }) => userErrors.length > 0).map(({ userErrors }) => userErrors[0].code)).toEqual(['TOO_MANY_ADDRESSES', 'TOO_MANY_ADDRESSES']);
    const { data } = await subgraph.ask('{ myAddresses { isDefault } }', {}, eve);
    expect(data?.myAddresses.filter(({ isDefault }: Json) => isDefault)).toHaveLength(1);
    expect((await save(staffOf(TEST_TENANT, { subjectId: newId('stf') }))).userErrors).toMatchObject([{ code: 'MEMBER_REQUIRED' }]);
  });
});
