import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { stockExceptionRaised, stockExceptionResolved } from '@quanyu/events';
import { newId } from '@quanyu/ids';
import { openTestSubgraph, TEST_TENANT, type Json, type TestSubgraph } from '@quanyu/testing';
import { bridge } from '../subgraph.js';

let subgraph: TestSubgraph;
beforeAll(async () => { subgraph = await openTestSubgraph(bridge); });
afterAll(() => subgraph.close());

type Trouble = Parameters<typeof stockExceptionRaised>[0]['data'];
const trouble = (over: Partial<Trouble> = {}): Trouble => ({ exceptionId: newId('ste'), code: 'LOW_STOCK', skuId: newId('sku'), locationId: null, connectionId: null, figures: { available: 9, threshold: 10 }, ...over });
const raised = (data: Trouble) => stockExceptionRaised({ tenantId: TEST_TENANT, sequence: 1, data });
const resolved = ({ figures: _, ...data }: Trouble) => stockExceptionResolved({ tenantId: TEST_TENANT, sequence: 2, data });
const alertsOf = async (subjectId: string): Promise<Json[]> =>
  (await subgraph.ask('{ alerts(first: 250) { nodes { code severity state count subjectKind subjectId message } } }')).data?.alerts.nodes.filter((alert: Json) => alert.subjectId === subjectId);

describe('a trouble in stock', () => {
  it('opens an alert once and closes it when it is over, whatever comes twice or late', async () => {
    const low = trouble();
    const begin = await subgraph.deliver(raised(low));
    await subgraph.redeliver(begin, begin);
    expect(await alertsOf(low.skuId!)).toEqual([{
      code: 'LOW_STOCK', severity: 'WARNING', state: 'OPEN', count: 1, subjectKind: 'SKU', subjectId: low.skuId, message: `Stock of ${low.skuId} runs low: 9 can be sold, the threshold is 10.` }]);
    const end = await subgraph.deliver(resolved(low));
    await subgraph.redeliver(end, begin);
    expect(await alertsOf(low.skuId!)).toMatchObject([{ state: 'RESOLVED', count: 1 }]);
    const early = trouble();
    await subgraph.deliver(resolved(early));
    await subgraph.deliver(raised(early));
    expect(await alertsOf(early.skuId!)).toMatchObject([{ state: 'RESOLVED' }]);
  });

  it('names the orders to release, and each location is raised and ended by itself', async () => {
    const east = trouble({ code: 'STOCK_DEFICIT', locationId: newId('loc'), figures: { deficit: 4, orders: 'ord_a, ord_b' } });
    const west = { ...east, exceptionId: newId('ste'), locationId: newId('loc') };
    await subgraph.deliver(raised(east));
    await subgraph.deliver(raised(west));
    await subgraph.deliver(resolved(east));
    expect(await alertsOf(east.skuId!)).toMatchObject([{ severity: 'CRITICAL', state: 'OPEN', message: expect.stringContaining('ord_a, ord_b') }, { state: 'RESOLVED' }]);
  });

  it('of a channel belongs to the channel', async () => {
    const failed = trouble({ code: 'PUBLISH_FAILED', skuId: null, connectionId: newId('con'), figures: { skuId: 'sku_x', failureCode: 'THROTTLED' } });
    await subgraph.deliver(raised(failed));
    expect(await alertsOf(failed.connectionId!)).toMatchObject([{ code: 'PUBLISH_FAILED', subjectKind: 'CHANNEL', message: 'A channel does not take its stock figures (THROTTLED), the last one of sku_x. All of them are told again soon.' }]);
  });
});
