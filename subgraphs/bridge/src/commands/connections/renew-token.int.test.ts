import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { STAGES, startSandbox, type Sandbox, type Stage } from '@quanyu/channel-sandbox';
import { connectChannel, openTestSubgraph, TEST_TENANT, type TestSubgraph } from '@quanyu/testing';
import { channelEnvironment } from '../../environment.js';
import { Outbound } from '../../outbound/outbound.js';
import { Shops } from '../../outbound/shops.js';
import { channelAccount } from '../../queries/channel-account.js';
import { dueTokens } from '../../queries/due-tokens.js';
import { bridge } from '../../subgraph.js';
import { openShop } from './open-shop.js';
import { renewDueToken } from './renew-token.js';

let subgraph: TestSubgraph;
let stage: Stage;
let sandbox: Sandbox;
const processes: Shops[] = [];
let connectionId: string;
let count = 0;

beforeAll(async () => { subgraph = await openTestSubgraph(bridge); });
afterAll(() => subgraph.close());
beforeEach(async () => {
  stage = STAGES['DOUYIN']!();
  sandbox = await startSandbox([stage.platform]);
  count += 1;
  connectionId = (await connectChannel(subgraph, { platform: 'DOUYIN', shopDomain: stage.shopDomain, idempotencyKey: `token-${count}` }, stage)).id;
});
afterEach(async () => {
  // A shop is connected once.
  await sql(`update channel_connection set shop_domain = '${70_000 + count}' where id = ?`);
  await Promise.all(processes.splice(0).map((shops) => shops.close()));
  await sandbox.close();
});

/** The shops of one more process: lines and breakers of its own, the database in common. */
const process_ = (): Shops => {
  const shops = new Shops(channelEnvironment({}), new Outbound({ via: sandbox.url, backoffMs: 1 }));
  processes.push(shops);
  return shops;
};
const ref = () => ({ tenantId: TEST_TENANT, connectionId });
const open = async (shops = process_()) => (await openShop(subgraph.deps, shops, ref()))!;
const renewals = (): number => sandbox.requests.filter(({ path }) => path === '/token/refresh').length;
const sql = (statement: string): Promise<unknown> => subgraph.deps.database.write(TEST_TENANT, 'test', (em) => em.execute(statement, [connectionId]));
const alerts = (): Promise<{ code: string; state: string }[]> => subgraph.rows(TEST_TENANT, 'select code, state from alert where subject_id = ? order by id', [connectionId]);

describe('a token', () => {
  it('that is refused is renewed, and the call made again', async () => {
    stage.expire!();
    const { client } = await open();
    await expect(client.check()).resolves.toMatchObject({ apiVersion: '2' });
    await client.check();
    expect(renewals()).toBe(1);
    const kept = await channelAccount(subgraph.deps, TEST_TENANT, connectionId);
    expect(kept!.account.secrets).toMatchObject({ accessToken: 'FAKE_access_1', refreshToken: 'FAKE_refresh_1', appSecret: stage.secrets['appSecret'] });
    // A week: renewed again at its half.
    expect((kept!.token.renewAt!.getTime() - Date.now()) / 3_600_000).toBeCloseTo(84, 0);
  });

  it('is renewed once, though all calls of three processes find it over at the same time', async () => {
    const shops = [process_(), process_(), process_()];
    const opened = await Promise.all(shops.flatMap((one) => [open(one), open(one), open(one)]));
    stage.expire!();
    await Promise.all(opened.map(({ client }) => client.check()));
    expect(renewals()).toBe(1);
  });

  it('is renewed ahead of its end by a job, and on use in its last hour', async () => {
    expect(await dueTokens(subgraph.deps.database)).not.toContainEqual(ref());
    await sql("update channel_connection set token_expires_at = app_now() + interval '6 days', token_renew_at = app_now() - interval '1 second' where id = ?");
    await (await open()).client.check();
    expect(renewals()).toBe(0);
    expect(await dueTokens(subgraph.deps.database)).toContainEqual(ref());
    const shops = process_();
    await Promise.all([renewDueToken(subgraph.deps, shops, ref()), renewDueToken(subgraph.deps, shops, ref())]);
    expect(renewals()).toBe(1);
    expect(await dueTokens(subgraph.deps.database)).not.toContainEqual(ref());
    await sql("update channel_connection set token_expires_at = app_now() + interval '50 minutes', token_renew_at = app_now() - interval '1 second' where id = ?");
    await (await open()).client.check();
    expect(renewals()).toBe(2);
  });

  it('is renewed by the next one when who renewed it has died', async () => {
    stage.expire!();
    await sql("update channel_connection set token_lease = 'run_dead', token_leased_until = app_now() + interval '1 second' where id = ?");
    await (await open()).client.check();
    expect(renewals()).toBe(1);
  });

  it('that cannot be renewed tells a person at once, and takes it back when it can', async () => {
    stage.expire!();
    sandbox.fail('douyin', { status: 200, body: '{"code":30003,"sub_code":"isv.refresh-token-invalid:1","data":null}' });
    await expect((await open()).client.check()).rejects.toMatchObject({ code: 'CREDENTIALS_REFUSED' });
    expect(await alerts()).toEqual([{ code: 'CHANNEL_KEY_REFUSED', state: 'OPEN' }]);
    sandbox.heal('douyin');
    await (await open()).client.check();
    expect(await alerts()).toEqual([{ code: 'CHANNEL_KEY_REFUSED', state: 'RESOLVED' }]);
  });

  it('that cannot be renewed for a while is tried again later and later, then told of', async () => {
    sandbox.fail('douyin', 'DOWN');
    for (let n = 0; n < 3; n += 1) {
      await sql("update channel_connection set token_expires_at = app_now() + interval '2 days', token_renew_at = app_now() - interval '1 second' where id = ?");
      await renewDueToken(subgraph.deps, process_(), ref());
    }
    expect(await alerts()).toEqual([{ code: 'CHANNEL_TOKEN_ENDING', state: 'OPEN' }]);
    expect(await dueTokens(subgraph.deps.database)).not.toContainEqual(ref());
  });
});
