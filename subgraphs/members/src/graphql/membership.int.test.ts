import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@quanyu/ids';
import { openTestSubgraph, staffOf, TEST_TENANT, type Json, type TestSubgraph } from '@quanyu/testing';
import { members } from '../subgraph.js';

const OTHER_TENANT = 'ten_00000000000000000000000002';
let now = Date.parse('2026-11-21T08:00:00Z');
let subgraph: TestSubgraph;
beforeAll(async () => { subgraph = await openTestSubgraph(members, { clock: () => new Date(now) }); });
afterAll(() => subgraph.close());

const aMember = async (tenantId = TEST_TENANT): Promise<string> => {
  const id = newId('mem');
  await subgraph.deps.database.write(tenantId, 'test', (em) => em.execute('insert into member (id, tenant_id) values (?, ?)', [id, tenantId]));
  return id;
};
const change = async (mutation: 'grantMembership' | 'endMembership', memberId: string, over: object = {}, viewer = staffOf(TEST_TENANT)): Promise<Json> => {
  const type = mutation === 'grantMembership' ? 'GrantMembershipInput' : 'EndMembershipInput';
  const { data, errors } = await subgraph.ask(`mutation($input: ${type}!) { ${mutation}(input: $input) { member { id memberships { level validFrom validUntil } } userErrors { code field } } }`,
    { input: { memberId, level: 'YEAR', idempotencyKey: newId('req'), ...over } }, viewer);
  return data?.[mutation] ?? { errors: errors.map(({ code }) => code) };
};
const told = async (memberId: string): Promise<Json[]> => (await subgraph.recorded('members.year-card-changed.v1')).filter(({ subject }) => subject === memberId).map(({ data }) => data);
const iso = (date: Json): string => new Date(date).toISOString();

describe('a year card', () => {
  it('begins, is renewed from its end on and is given back, each told once with a higher sequence', async () => {
    const memberId = await aMember();
    const key = newId('req');
    const { member, userErrors } = await change('grantMembership', memberId, { idempotencyKey: key });
    expect(userErrors).toEqual([]);
    expect(member.memberships.map(({ level, validUntil }: Json) => [level, iso(validUntil)])).toEqual([['YEAR', '2027-11-21T08:00:00.000Z']]);
    await change('grantMembership', memberId, { idempotencyKey: key });
    expect((await change('grantMembership', memberId, { idempotencyKey: key, periods: 2 })).errors).toEqual(['IDEMPOTENCY_KEY_REUSED']);
    now += 60_000;
    await change('grantMembership', memberId);
    now += 60_000;
    await change('endMembership', memberId);
    expect(await told(memberId)).toEqual([
      { memberId, validFrom: '2026-11-21T08:00:00.000Z', validUntil: '2027-11-21T08:00:00.000Z' }, { memberId, validFrom: '2026-11-21T08:00:00.000Z', validUntil: '2028-11-21T08:00:00.000Z' },
      { memberId, validFrom: '2026-11-21T08:00:00.000Z', validUntil: '2026-11-21T08:02:00.000Z' },
    ]);
    const { rows } = await subgraph.deps.database.system.query("select sequence::int as sequence from outbox where subject = $1 order by id", [memberId]);
    expect(rows).toEqual([{ sequence: 1 }, { sequence: 2 }, { sequence: 3 }]);
    expect((await change('endMembership', memberId)).userErrors).toMatchObject([{ code: 'NO_MEMBERSHIP' }]);
  });

  it('granted twice at once counts twice, and a month card is a card of its own that nothing follows from', async () => {
    const memberId = await aMember();
    await Promise.all([change('grantMembership', memberId), change('grantMembership', memberId), change('grantMembership', memberId, { level: 'MONTH' })]);
    const [row] = await subgraph.rows<Json>(TEST_TENANT, "select extract(year from valid_until)::int as year, version from membership where member_id = ? and level = 'YEAR'", [memberId]);
    expect(row).toEqual({ year: 2028, version: 2 });
    expect(await told(memberId)).toHaveLength(2);
  });

  it('is refused by its reason', async () => {
    const memberId = await aMember();
    for (const periods of [0, -1, 37]) expect((await change('grantMembership', memberId, { periods })).userErrors).toMatchObject([{ code: 'PERIODS_INVALID' }]);
    expect((await change('grantMembership', newId('mem'))).userErrors).toMatchObject([{ code: 'MEMBER_NOT_FOUND' }]);
    expect((await change('grantMembership', await aMember(OTHER_TENANT))).userErrors).toMatchObject([{ code: 'MEMBER_NOT_FOUND' }]);
    expect((await change('grantMembership', memberId, {}, staffOf(TEST_TENANT, { scopes: ['members:read'] }))).errors).toEqual(['FORBIDDEN']);
    expect((await change('grantMembership', 'ord_01')).errors).toEqual(['INVALID_ID']);
  });
});
