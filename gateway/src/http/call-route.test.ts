import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { answer, HttpCalls, makeServiceKey, readPrivateKey, readPublicKeys, runDocument, ServiceClient, serviceKeys, ServiceTokens } from '@quanyu/calls';
import { configureLog } from '@quanyu/telemetry';
import express from 'express';
import { mountCalls } from './call-route.js';

const texts = Object.fromEntries(['gateway', 'bridge', 'orders'].map((name) => [name, makeServiceKey()]));
const publicKeys = readPublicKeys(Object.entries(texts).map(([name, { publicKey }]) => `${name}:${publicKey}`).join(','));
const tokensOf = (name: string): ServiceTokens => new ServiceTokens(serviceKeys(name, readPrivateKey(texts[name]!.privateKey), publicKeys));

let server: Server;
const clients: ServiceClient[] = [];
const callsOf = (name: string): HttpCalls => {
  const client = new ServiceClient(tokensOf(name), new Map([['gateway', [`http://127.0.0.1:${(server.address() as AddressInfo).port}`]]]));
  clients.push(client);
  return new HttpCalls(client);
};
beforeAll(async () => {
  configureLog({ level: 'silent' });
  const app = express();
  mountCalls(app, tokensOf('gateway'), () => [answer(runDocument, async ({ id }): Promise<ReturnType<typeof runDocument.output.parse>> => {
    if (id === 'broken') throw new Error('secret detail');
    return id === null ? { kind: 'valid' } : { kind: 'ran', data: { order: { id } } };
  })]);
  server = await new Promise((resolve) => { const listening = app.listen(0, '127.0.0.1', () => resolve(listening)); });
});
afterAll(async () => {
  await Promise.all(clients.map((client) => client.close()));
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const input = { tenantId: 'ten_1', keyId: 'key_1', document: 'subscription { ordersChanged { id } }', about: 'Order', id: 'ord_1' };
const post = async (headers: Record<string, string>, body = JSON.stringify(input), name: string = runDocument.name) => {
  const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/calls/${name}`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body });
  return [response.status, await response.json()];
};

describe('the gateway\'s door for services', () => {
  it('answers the service that a call is for', async () => {
    expect(await callsOf('bridge').invoke(runDocument, input)).toEqual({ kind: 'ran', data: { order: { id: 'ord_1' } } });
  });

  it('tells nobody else what there is', async () => {
    await expect(callsOf('orders').invoke(runDocument, input)).rejects.toMatchObject({ code: 'CALLER_NOT_ALLOWED' });
    expect(await post({ authorization: await tokensOf('bridge').headerFor('gateway') }, '{}', 'gateway.other')).toEqual([403, { error: { code: 'CALLER_NOT_ALLOWED' } }]);
    expect(await post({})).toEqual([401, { error: { code: 'SERVICE_TOKEN_MISSING' } }]);
    expect(await post({ authorization: 'Bearer aaaaaaaaaaaaaaaaaaaaaaaa' })).toEqual([401, { error: { code: 'SERVICE_TOKEN_INVALID' } }]);
    // A token for another service opens nothing here.
    expect(await post({ authorization: await tokensOf('bridge').headerFor('orders') })).toEqual([401, { error: { code: 'SERVICE_TOKEN_INVALID' } }]);
  });

  it('says what is wrong by a code, and nothing of its inside', async () => {
    const authorization = await tokensOf('bridge').headerFor('gateway');
    expect(await post({ authorization }, '{"tenantId":1}')).toEqual([400, { error: { code: 'INPUT_INVALID' } }]);
    expect(await post({ authorization }, '{')).toEqual([400, { error: { code: 'BAD_REQUEST' } }]);
    await expect(callsOf('bridge').invoke(runDocument, { ...input, id: 'broken' })).rejects.toMatchObject({ code: 'INTERNAL_SERVER_ERROR' });
  });
});
