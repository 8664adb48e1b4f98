import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { buildSchema, execute, parse, type ExecutionResult, type GraphQLObjectType, type GraphQLSchema } from 'graphql';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { compileExecution } from './execute.js';

const SDL = `interface Node { id: ID! any: Node } union Thing = A | B enum Color { RED BLUE } scalar Big
type A implements Node { id: ID! any: Node text: String must: String! flag: Boolean number(n: Int = 1, of: In): Float color: Color big: Big self: A sure: A! list: [A!] lists: [[B]!]! thing: Thing things: [Thing!]! }
type B implements Node { id: ID! any: Node whole: Int! other: A! others: [A] }
input In { by: Int! = 2 } type Query { a(id: ID): A b: B! thing: Thing node: Node }`;

const hash = (text: string): number => {
  let value = 2_166_136_261;
  for (let n = 0; n < text.length; n += 1) value = Math.imul(value ^ text.charCodeAt(n), 16_777_619);
  // Neighbouring texts must not have neighbouring values.
  value = Math.imul(value ^ (value >>> 15), 2_246_822_507);
  return (value ^ (value >>> 13)) >>> 0;
};

/** Whether resolvers answer at once, later, or some at once and some later; the last without faults, since graphql-js leaves promises unhandled beside what fails at once. */
type Mode = 'at once' | 'later' | 'mixed';

/** A resolver whose outcome follows from where it is: a value, a null or an error, at once or later. */
function resolveAt(mode: Mode, place: string, type: string, depth: number): unknown {
  const number = hash(place);
  const value = number % 11 === 0 && mode !== 'mixed' ? null : valueOf(mode, place, type, depth);
  const outcome = hash(`${place}!`) % 14;
  if (mode === 'mixed') return outcome < 4 ? Promise.resolve(value) : outcome === 4 ? new Promise((resolve) => { setImmediate(() => resolve(value)); }) : value;
  if (outcome === 0) {
    const error = new Error(`at ${place}`);
    if (mode === 'later') return Promise.reject(error);
    throw error;
  }
  if (mode === 'at once') return outcome === 1 ? new Error(`returned at ${place}`) : value;
  return outcome === 1 ? Promise.resolve(new Error(`returned at ${place}`)) : outcome < 6 ? new Promise((resolve) => { setImmediate(() => resolve(value)); }) : Promise.resolve(value);
}

function valueOf(mode: Mode, place: string, type: string, depth: number): unknown {
  const bare = type.replace(/!$/, '');
  const number = hash(`${place}?`);
  const faultless = mode === 'mixed';
  if (bare.startsWith('[')) {
    if (number % 17 === 0 && !faultless) return 'no list';
    const items = Array.from({ length: number % 4 }, (_, n) => {
      const item = valueOf(mode, `${place}${n}`, bare.slice(1, -1), depth);
      return mode === 'later' || (mode === 'mixed' && hash(`${place}p${n}`) % 4 === 0) ? Promise.resolve(item) : item;
    });
    return number % 5 === 0 ? new Set(items) : items;
  }
  switch (bare) {
    case 'ID': return number % 2 ? place : number % 100;
    case 'String': return number % 13 === 0 && !faultless ? { no: 'text' } : number % 3 === 0 ? number : `t${number % 9}`;
    case 'Boolean': return number % 2 === 0;
    case 'Int': return number % 7 === 0 && !faultless ? 2 ** 40 : number % 1000;
    case 'Float': return number % 9 === 0 && !faultless ? NaN : number / 7;
    case 'Color': return ['RED', 'BLUE', 'GREEN'][number % (faultless ? 2 : 3)];
    case 'Big': return { of: number };
    default: return depth > 3 && !faultless ? null : { place: `${place}/${number % 5}`, depth: depth + 1, kind: bare === 'A' || bare === 'B' ? bare : ['A', 'B', 'C'][number % 3 === 2 && (faultless || number % 4 > 0) ? 1 : number % 3] };
  }
}

interface Source { readonly place: string; readonly depth: number; readonly kind: string }

function schemaWith(seed: number, mode: Mode): GraphQLSchema {
  const schema = buildSchema(SDL);
  for (const name of ['A', 'B', 'Query']) {
    const type = schema.getType(name) as GraphQLObjectType;
    for (const field of Object.values(type.getFields())) {
      field.resolve = (source: Source | undefined, args, _context, info) => {
        // What a resolver is told has to be right as well.
        const { prev, key } = info.path;
        const told = `${info.fieldName} ${info.parentType.name} ${String(key)} ${String(prev?.key)} ${JSON.stringify(args)}`;
        return resolveAt(mode, `${seed}${source?.place ?? ''}.${told}`, String(field.type), source?.depth ?? 0);
      };
    }
    if (name !== 'Query') type.isTypeOf = seed % 4 === 0 ? ({ kind }: Source) => (mode === 'later' ? Promise.resolve(kind === name) : kind === name) : undefined;
  }
  const resolveType = ({ kind }: Source): string | Promise<string> => (mode === 'later' ? Promise.resolve(kind) : kind);
  for (const name of ['Node', 'Thing']) (schema.getType(name) as { resolveType?: unknown }).resolveType = seed % 5 === 0 && mode === 'at once' ? undefined : resolveType;
  return schema;
}

const LEAVES: Record<string, readonly string[]> = { A: ['id', 'text', 'must', 'flag', 'number', 'number(n: $n)', 'm: number(of: { by: 1 })', 'color', 'big', '__typename', 't: text'], B: ['id', 'whole', '__typename', 'w: whole'] };
const LINKS: Record<string, readonly (readonly [string, string])[]> = {
  A: [['self', 'A'], ['sure', 'A'], ['list', 'A'], ['lists', 'B'], ['thing', 'Thing'], ['things', 'Thing'], ['any', 'Node'], ['me: self', 'A']], B: [['other', 'A'], ['others', 'A'], ['any', 'Node']],
};

function setOf(type: string, pick: (most: number) => number, depth: number): string {
  if (type === 'Thing' || type === 'Node') {
    return `{ ${type === 'Node' ? 'id ' : ''}__typename ${['A', 'B'].filter(() => pick(3) > 0).map((on) => `... on ${on} ${setOf(on, pick, depth)}`).join(' ')} }`;
  }
  const parts = Array.from({ length: 1 + pick(4) }, () => (LEAVES[type] as string[])[pick((LEAVES[type] as string[]).length)] as string);
  if (depth > 0) for (let n = pick(3); n > 0; n -= 1) parts.push(((to) => `${to[0]} ${setOf(to[1], pick, depth - 1)}`)((LINKS[type] as (readonly [string, string])[])[pick((LINKS[type] as unknown[]).length)] as readonly [string, string]));
  if (pick(4) === 0) parts.push(`... on Node { i: id } ... ${type === 'A' ? 'F' : '{ id }'}`);
  return `{ ${parts.join(' ')} }`;
}

/** Where the answer has a null because of an error; which of several errors is told is left open by the specification. */
const nulledBy = ({ data, errors = [] }: ExecutionResult): string[] => [...new Set(errors.map(({ path = [] }) => {
  let value: unknown = data;
  const reached: unknown[] = [];
  for (const part of path) {
    if (value === null || value === undefined) break;
    value = (value as Record<string, unknown>)[part];
    reached.push(part);
  }
  return JSON.stringify(reached);
}))].sort();

describe('a compiled query', () => {
  it('answers as graphql-js does, whatever resolvers do', async () => {
    let [withErrors, compared] = [0, 0];
    await fc.assert(fc.asyncProperty(fc.nat(), async (seed) => {
      const schema = schemaWith(seed, (['at once', 'later', 'mixed'] as const)[seed % 3] as Mode);
      let step = seed;
      const pick = (most: number): number => hash(`${step++}`) % most;
      for (let n = 0; n < 8; n += 1) {
        const document = parse(`query($n: Int) { ${['a', 'a(id: 3)', 'b', 'x: a(id: "y")'].filter(() => pick(2) === 0).map((root) => `${root} ${setOf(root === 'b' ? 'B' : 'A', pick, 2)}`).join(' ')} node ${setOf('Node', pick, 2)} thing ${setOf('Thing', pick, 2)} } fragment F on A { f: flag text }`);
        const variableValues = pick(2) === 0 ? {} : { n: pick(5) };
        const expected = await execute({ schema, document, variableValues });
        const told = await compileExecution(schema, document)({ variableValues });
        expect(JSON.stringify(told.data)).toBe(JSON.stringify(expected.data));
        expect(nulledBy(told)).toEqual(nulledBy(expected));
        compared += 1;
        withErrors += told.errors === undefined ? 0 : 1;
      }
    }), { numRuns: 30, seed: 7, endOnFailure: true });
    expect(compared).toBe(240);
    expect(withErrors).toBeGreaterThan(100);
  });

  it('resolves entities as @apollo/subgraph does: found, missing, failing, late, by themselves and by an interface', async () => {
    const types = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key"])
      interface Node @key(fields: "id") { id: ID! } type Query { none: Int }
      type A implements Node @key(fields: "id") { id: ID! text: String must: String! } type B implements Node @key(fields: "id") { id: ID! text: String }`;
    const found = ({ id }: { id: string }): unknown => {
      switch (id) {
        case 'none': return null;
        case 'nothing': return undefined;
        case 'late': return new Promise((resolve) => { setImmediate(() => resolve({ id, text: 'late', must: 'yes' })); });
        case 'fails': throw new Error('at once');
        case 'fails late': return Promise.reject(new Error('later'));
        case 'error': return new Error('returned');
        default: return Object.freeze({ __typename: 'Row', id, text: id, must: id === 'empty' ? null : id });
      }
    };
    const schema = buildSubgraphSchema([{ typeDefs: parse(types), resolvers: { A: { __resolveReference: found }, Node: { __resolveReference: ({ id }: { id: string }) => ({ __typename: 'B', id, text: 'by its interface' }) } } as never }]);
    const document = parse('query($representations: [_Any!]!) { _entities(representations: $representations) { __typename ... on A { id text must } ... on B { id text } ... on Node { again: id } } }');
    const run = compileExecution(schema, document);
    const reference = (id: string, __typename = 'A') => ({ __typename, id });
    for (const representations of [
      ['1', '2', 'none', 'nothing', 'late', 'fails late', 'error', 'empty'].map((id) => reference(id)), [reference('1'), reference('fails')], [reference('1'), reference('2', 'B')],
      [reference('1', 'Node'), reference('2')], [reference('1', 'C')], [],
    ]) {
      const asked = { variableValues: { representations }, contextValue: {} };
      const [ours, theirs] = [await run(asked), await execute({ schema, document, ...asked })];
      expect(JSON.parse(JSON.stringify(ours.data))).toEqual(JSON.parse(JSON.stringify(theirs.data)));
      expect((ours.errors ?? []).map(String).sort()).toEqual((theirs.errors ?? []).map(String).sort());
    }
  });

  it('refuses variables as graphql-js does, and leaves mutations and conditions to it', async () => {
    const schema = buildSchema('type Query { a(n: Int!): Int b: Int } type Mutation { one: Int two: Int }');
    for (const [text, variableValues] of [['query($n: Int!) { a(n: $n) }', {}], ['query($n: Int!) { a(n: $n) }', { n: 'x' }], ['query($y: Boolean!) { a(n: 1) @skip(if: $y) b }', { y: true }], ['mutation { one two }', {}], ['{ __schema { queryType { name } } b }', {}]] as const) {
      const document = parse(text);
      const rootValue = { a: 1, b: 2, one: () => 1, two: () => 2 };
      expect(JSON.stringify(await compileExecution(schema, document)({ variableValues, rootValue }))).toBe(JSON.stringify(await execute({ schema, document, variableValues, rootValue })));
    }
  });
});
