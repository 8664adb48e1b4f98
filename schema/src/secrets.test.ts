import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { buildSchema, getNamedType, isLeafType, isObjectType } from 'graphql';

const graph = buildSchema(readFileSync(new URL('../graph.graphql', import.meta.url), 'utf8'));
const SECRET = /secret|token|password|credential|clearKey|privateKey|sealed|account$/i;

/** Made by us and told once, to whoever asked for it; kept only sealed or as a hash. */
const TOLD_ONCE = [
  'BeginSecondFactorPayload.secret', 'ConnectChannelPayload.webhookSecret', 'CreatePartnerKeyPayload.clearKey', 'RotateWebhookSecretPayload.webhookSecret', 'StepUpPayload.token', 'WebhookEndpointPayload.secret',
];

describe('the graph', () => {
  it('shows no secret of a platform or of ours, but once to whom it was made for', () => {
    const shown = Object.values(graph.getTypeMap()).filter((type) => isObjectType(type) && !type.name.startsWith('__'))
      .flatMap((type) => (isObjectType(type) ? Object.values(type.getFields()).filter((field) => SECRET.test(field.name) && isLeafType(getNamedType(field.type))).map(({ name }) => `${type.name}.${name}`) : []));
    expect(shown.sort()).toEqual(TOLD_ONCE);
  });
});
