import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { channelCustomerTold, orderPlaced, type EventOf } from '@quanyu/events';
import { newId } from '@quanyu/ids';
import { openTestSubgraph, staffOf, TEST_TENANT, testVault, type Json, type TestSubgraph } from '@quanyu/testing';
import { members } from '../subgraph.js';

type Told = EventOf<typeof channelCustomerTold>['data'];

let subgraph: TestSubgraph;
beforeAll(async () => { subgraph = await openTestSubgraph(members); });
afterAll(() => subgraph.close());

const sealed = (row: string, field: string, value: object): string => testVault().seal(JSON.stringify(value), { tenantId: TEST_TENANT, row, field });
const at = (minute: number): string => new Date(Date.UTC(2026, 2, 1, 10, minute)).toISOString();
const address = (id: string, city = '杭州市') => ({ externalAddressId: id, isDefault: id === 'a1', sealed: sealed(id, 'address', { name: '张三丰', phone: '+8613812341234', address1: '样本路 1 号', address2: null, city, province: '浙江省', postalCode: '310000', countryCode: 'CN' }) });
const told = (connectionId: string, { externalId = 'c1', name = '张三丰', ...over }: Partial<Told> & { readonly externalId?: string; readonly name?: string } = {}) => channelCustomerTold({ tenantId: TEST_TENANT, sequence: 1, data: {
  connectionId, platform: 'SHOPLAZZA', changedAt: at(0), readAt: at(0), ordersCount: 2, spent: { currency: 'CNY', amountMinor: 8550 }, state: 'enabled', removed: false, addresses: [address('a1'), address('a2')],
  customer: { externalId, phoneIndex: `phone ${externalId}`, emailIndex: null, sealed: sealed(externalId, 'customer', { name, phone: '+8613812341234', email: 'bob@example.com' }) }, ...over,
} });
const gone = { removed: true, addresses: [], ordersCount: null, spent: null, state: null, customer: { externalId: 'c1', phoneIndex: null, emailIndex: null, sealed: null } } satisfies Partial<Told>;
const QUERY = `query($refs: [_Any!]!) { _entities(representations: $refs) { ... on Channel { customers(first: 50) { nodes {
  externalCustomerId maskedName maskedPhone maskedEmail ordersCount state spent { amount currency } addresses { externalAddressId isDefault name phone addressLine city } member { id } } } } } }`;
const listed = async (connectionId: string, viewer = staffOf(TEST_TENANT)): Promise<Json[]> =>
  (await subgraph.ask(QUERY, { refs: [{ __typename: 'Channel', id: connectionId }] }, viewer)).data!._entities[0].customers.nodes as Json[];
const kept = (connectionId: string): Promise<Json[]> => subgraph.rows<Json>(TEST_TENANT,
  `select c.sealed_profile as profile, c.phone_index as phone, (select count(*)::int from channel_customer_address a where a.customer_id = c.id) as addresses, c.deleted_at is not null as gone from channel_customer c where c.connection_id = ?`, [connectionId]);

describe('who has an account with a channel', () => {
  it('is shown masked, with addresses, and kept in no other way than sealed', async () => {
    const channel = newId('con');
    await subgraph.redeliver(await subgraph.deliver(told(channel)));
    await subgraph.deliver(told(channel));
    const masked = { isDefault: true, name: '张**', phone: '138****1234', addressLine: '样本路***', city: '杭州市' };
    expect(await listed(channel)).toEqual([{
      externalCustomerId: 'c1', maskedName: '张**', maskedPhone: '138****1234', maskedEmail: 'b***@example.com', ordersCount: 2, state: 'enabled', spent: { amount: '85.50', currency: 'CNY' }, member: null,
      addresses: [{ externalAddressId: 'a1', ...masked }, { externalAddressId: 'a2', ...masked, isDefault: false }],
    }]);
    const [{ all }] = await subgraph.rows<{ all: string }>(TEST_TENANT, "select string_agg(c::text || coalesce(a::text, ''), '') as all from channel_customer c left join channel_customer_address a on a.customer_id = c.id", []) as [{ all: string }];
    for (const clear of ['张', '1381234', 'bob@', '样本路']) expect(all).not.toContain(clear);
  });

  it('is the newest of what was told, whatever the order, and one statement a level reads it', async () => {
    const channel = newId('con');
    await subgraph.deliver(told(channel, { changedAt: at(2), readAt: at(2), name: '李四', addresses: [address('a2', '上海市')] }));
    await subgraph.deliver(told(channel, { changedAt: at(1), readAt: at(3) }));
    for (let n = 2; n < 12; n += 1) await subgraph.deliver(told(channel, { externalId: `c${n}` }));
    let found: Json[] = [];
    const statements = await subgraph.sql.during(async () => { found = await listed(channel); });
    // Customers; their addresses, and the members that they are.
    expect(statements).toHaveLength(3);
    expect(found.at(-1)).toMatchObject({ externalCustomerId: 'c1', maskedName: '李**', addresses: [{ externalAddressId: 'a2', city: '上海市' }] });
    expect(found).toHaveLength(11);
  });

  it('leaves nothing that names them once the channel knows them no more, and no late push brings them back', async () => {
    const channel = newId('con');
    await subgraph.deliver(told(channel));
    await subgraph.deliver(told(channel, { ...gone, changedAt: at(5), readAt: at(5) }));
    await subgraph.deliver(told(channel, { changedAt: at(1), readAt: at(9) }));
    expect(await listed(channel)).toEqual([]);
    expect(await kept(channel)).toEqual([{ profile: null, phone: null, addresses: 0, gone: true }]);
    // Its end came before we had heard of them.
    const other = newId('con');
    await subgraph.deliver(told(other, { ...gone, changedAt: at(5), readAt: at(5) }));
    await subgraph.deliver(told(other));
    expect(await kept(other)).toEqual([{ profile: null, phone: null, addresses: 0, gone: true }]);
  });

  it('is the member who bought under that account', async () => {
    const channel = newId('con');
    await subgraph.deliver(told(channel));
    const amounts = { currency: 'CNY', itemsMinor: 100, discountMinor: 0, shippingMinor: 0, taxMinor: 0, taxesIncluded: false, totalMinor: 100 };
    await subgraph.deliver(orderPlaced({ tenantId: TEST_TENANT, sequence: 1, data: { orderId: newId('ord'), connectionId: channel, lines: [], amounts, customer: { externalId: 'c1', phoneIndex: null, emailIndex: null, sealed: null } } as never }));
    const [customer] = await listed(channel);
    expect(customer!.member.id).toMatch(/^mem_/);
  });

  it('is shown to nobody who may not see the channel, nor to another tenant', async () => {
    const channel = newId('con');
    await subgraph.deliver(told(channel));
    expect(await listed(channel, staffOf(TEST_TENANT, { channels: [newId('con')] }))).toEqual([]);
    expect(await listed(channel, staffOf('ten_00000000000000000000000009'))).toEqual([]);
    expect((await subgraph.ask(QUERY, { refs: [{ __typename: 'Channel', id: channel }] }, staffOf(TEST_TENANT, { scopes: ['channels:read'] }))).errors).toMatchObject([{ code: 'FORBIDDEN' }]);
  });
});
