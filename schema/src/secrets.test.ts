import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { buildSchema, isObjectType } from 'graphql';

const graph = buildSchema(readFileSync(new URL('../graph.graphql', import.meta.url), 'utf8'));
const SECRET = /secret|token|password|credential|clearKey|privateKey|sealed|account$/i;

/** Made by us and told once, to whoever asked for it; kept only sealed or as a hash. */
const TOLD_ONCE = ['ConnectChannelPayload.webhookSecret', 'CreatePartnerKeyPayload.clearKey', 'RotateWebhookSecretPayload.webhookSecret'];
/** The ledger's accounts are no one's log-in. */
const LEDGER = ['Posting.account'];

describe('the graph', () => {
  it('shows no secret of a platform or of ours, but once to whom it was made for', () => {
    const shown = Object.values(graph.getTypeMap()).filter((type) => isObjectType(type) && !type.name.startsWith('__'))
      .flatMap((type) => (isObjectType(type) ? Object.keys(type.getFields()).filter((name) => SECRET.test(name)).map((name) => `${type.name}.${name}`) : []));
    expect(shown.filter((field) => !LEDGER.includes(field)).sort()).toEqual(TOLD_ONCE);
  });
});
