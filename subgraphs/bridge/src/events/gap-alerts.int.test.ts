import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { channelGapClosed, channelGapFound } from '@quanyu/events';
import { newId } from '@quanyu/ids';
import { openTestSubgraph, staffOf, TEST_TENANT, type Json, type TestSubgraph } from '@quanyu/testing';
import { bridge } from '../subgraph.js';

let subgraph: TestSubgraph;
beforeAll(async () => { subgraph = await openTestSubgraph(bridge); });
afterAll(() => subgraph.close());

type Gap = Parameters<typeof channelGapFound>[0]['data'];
const gap = (over: Partial<Gap> = {}): Gap => ({ gapId: newId('exc'), connectionId: newId('con'), severity: 'WARNING', open: 100, missing: 2, autoRepair: true, ...over });
const found = (data: Gap) => channelGapFound({ tenantId: TEST_TENANT, sequence: 1, data });
const closed = ({ gapId, connectionId, severity }: Gap) => channelGapClosed({ tenantId: TEST_TENANT, sequence: 2, data: { gapId, connectionId, severity } });
const alertsOf = async (connectionId: string, viewer = staffOf(TEST_TENANT)): Promise<Json[]> =>
  (await subgraph.ask('{ alerts(first: 250) { nodes { code severity state subjectId message } } }', {}, viewer)).data?.alerts.nodes.filter((alert: Json) => alert.subjectId === connectionId);

describe('orders of a shop that are missing here', () => {
  it('alert once, critically where they are many, and the alert ends with them, whatever comes twice or late', async () => {
    const few = gap();
    const begin = await subgraph.deliver(found(few));
    await subgraph.redeliver(begin);
    expect(await alertsOf(few.connectionId)).toEqual([{ code: 'ORDERS_MISSING', severity: 'WARNING', state: 'OPEN', subjectId: few.connectionId, message: '2 of 100 open orders of the shop are not known here. They are being read again.' }]);
    const many = gap({ connectionId: few.connectionId, severity: 'CRITICAL', missing: 30, autoRepair: false });
    await subgraph.deliver(closed(few));
    await subgraph.deliver(found(many));
    expect(await alertsOf(few.connectionId)).toMatchObject([{ code: 'MANY_ORDERS_MISSING', severity: 'CRITICAL', state: 'OPEN', message: expect.stringContaining('switched off') }, { state: 'RESOLVED' }]);
    await subgraph.deliver(closed(many));
    await subgraph.redeliver(begin);
    expect((await alertsOf(few.connectionId)).map(({ state }) => state)).toEqual(['RESOLVED', 'RESOLVED']);
    const early = gap();
    await subgraph.deliver(closed(early));
    await subgraph.deliver(found(early));
    expect(await alertsOf(early.connectionId)).toMatchObject([{ state: 'RESOLVED' }]);
  });

  it('are shown to whoever sees the shop', async () => {
    const one = gap();
    await subgraph.deliver(found(one));
    expect(await alertsOf(one.connectionId, staffOf(TEST_TENANT, { channels: [newId('con')] }))).toEqual([]);
    expect(await alertsOf(one.connectionId, staffOf(TEST_TENANT, { channels: [one.connectionId] }))).toHaveLength(1);
  });
});
