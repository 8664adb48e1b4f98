import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { channelLeft, ordersExported } from '@quanyu/events';
import { newId } from '@quanyu/ids';
import { openTestSubgraph, TEST_TENANT, type TestSubgraph } from '@quanyu/testing';
import { access } from '../subgraph.js';

let subgraph: TestSubgraph;
beforeAll(async () => { subgraph = await openTestSubgraph(access); });
afterAll(() => subgraph.close());

describe('an export of personal data', () => {
  it('is written down once, with who, why and for whom', async () => {
    const exportId = newId('oex');
    const event = await subgraph.deliver(ordersExported({ tenantId: TEST_TENANT, sequence: 1, data: { exportId, staffId: 'stf_anna', reason: 'for the warehouse', recipients: ['age1abc'], orders: 3, channelIds: null } }));
    await subgraph.redeliver(event, event);
    const { data } = await subgraph.ask('query($subject: ID!) { auditEntries(filter: { subject: $subject }) { nodes { action actorId reason details { name value } } } }', { subject: exportId });
    expect(data?.auditEntries.nodes).toEqual([{
      action: 'orders-exported', actorId: 'stf_anna', reason: 'for the warehouse', details: [{ name: 'orders', value: '3' }, { name: 'channels', value: 'all' }, { name: 'recipients', value: 'age1abc' }] }]);
  });
});

describe('a channel that is left for good', () => {
  it('is written down once, with who and why', async () => {
    const connectionId = newId('con');
    const event = await subgraph.deliver(channelLeft({ tenantId: TEST_TENANT, sequence: 1, data: { connectionId, platform: 'SHOPIFY', name: 'Demo', actorId: 'stf_anna', reason: 'too dear' } }));
    await subgraph.redeliver(event, event);
    const { data } = await subgraph.ask('query($subject: ID!) { auditEntries(filter: { subject: $subject }) { nodes { action actorId reason details { name value } } } }', { subject: connectionId });
    expect(data?.auditEntries.nodes).toEqual([{ action: 'channel-left', actorId: 'stf_anna', reason: 'too dear', details: [{ name: 'platform', value: 'SHOPIFY' }] }]);
  });
});
