import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { subgraphs } from '@quanyu/standalone';
import { federatedSchema } from '@quanyu/subgraph';
import { AccessError, SCOPES, Viewer, type Scope } from '@quanyu/viewer';
import { buildSchema, isEnumType, isInputObjectType, isObjectType, type GraphQLObjectType, type GraphQLResolveInfo } from 'graphql';

describe('the scopes that a schema states', () => {
  const stated = subgraphs.flatMap((definition) => Object.entries(definition.contract?.scopes ?? {}).map(([place, scopes]) => [place, [scopes].flat() as Scope[], definition] as const));

  it.each(stated)('are asked for again by the door of %s', async (place, scopes, definition) => {
    const [type = '', name = ''] = place.split('.');
    const field = (federatedSchema(definition).schema.getType(type) as GraphQLObjectType).getFields()[name];
    const call = field?.subscribe ?? field?.resolve;
    for (const missing of scopes) {
      const viewer = new Viewer({ kind: 'staff', tenantId: 'ten_1', subjectId: 'stf_1', scopes: SCOPES.filter((scope) => scope !== missing), channels: 'all' });
      const answer = async (): Promise<unknown> => call?.({}, { input: {} }, { viewer, deps: {} }, { fieldName: name, parentType: { name: type } } as GraphQLResolveInfo);
      const refused = await answer().then(() => null, (error: unknown) => error);
      expect(refused).toBeInstanceOf(AccessError);
      expect(refused).toMatchObject({ code: 'FORBIDDEN', scope: missing });
    }
  });

  it('leave no mutation open', () => {
    for (const definition of subgraphs) {
      const mutations = Object.keys(federatedSchema(definition).schema.getMutationType()?.getFields() ?? {});
      expect(mutations.filter((name) => definition.contract?.scopes?.[`Mutation.${name}`] === undefined)).toEqual([]);
    }
  });
});

describe("the partners' contract", () => {
  const contract = buildSchema(readFileSync(new URL('../../schema/public.graphql', import.meta.url), 'utf8'));

  it('speaks in its descriptions of nothing that it does not hold', () => {
    const known = new Set<string>();
    const texts: [string, string][] = [];
    for (const type of Object.values(contract.getTypeMap()).filter(({ name }) => !name.startsWith('__'))) {
      known.add(type.name);
      texts.push([type.name, type.description ?? '']);
      if (isEnumType(type)) for (const value of type.getValues()) { known.add(value.name); texts.push([value.name, value.description ?? '']); }
      if (!isObjectType(type) && !isInputObjectType(type)) continue;
      for (const field of Object.values(type.getFields())) {
        known.add(field.name);
        texts.push([`${type.name}.${field.name}`, field.description ?? '']);
        for (const argument of 'args' in field ? field.args : []) { known.add(argument.name); texts.push([argument.name, argument.description ?? '']); }
      }
    }
    const strange = texts.flatMap(([place, text]) => [...text.matchAll(/`([A-Za-z_]\w*)`/g)].filter(([, word = '']) => /^[a-z]+[A-Z]|^[A-Z]{4}|^[A-Z][a-z]/.test(word) && !known.has(word)).map(([, word]) => `${place}: ${word}`));
    expect(strange).toEqual([]);
  });

  it('holds nothing that changes anything, and no clear personal data', () => {
    expect(contract.getMutationType()).toBeUndefined();
    expect(Object.keys(contract.getTypeMap()).filter((name) => /Staff|Audit|Journal|Delivery|ParkedEvent|UserError/.test(name))).toEqual([]);
  });
});
