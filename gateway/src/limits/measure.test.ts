import { expect, it } from '@jest/globals';
import { getOperationAST, parse } from 'graphql';
import { measureOperation } from './measure.js';

const sizeOf = (source: string) => {
  const document = parse(source);
  const operation = getOperationAST(document);
  if (!operation) throw new Error('one operation, please');
  return measureOperation(operation, document);
};

it.each([
  ['{ a }', { depth: 1, fields: 1, rootFields: 1, aliases: 0 }],
  ['{ a { b { c } } x: d }', { depth: 3, fields: 4, rootFields: 2, aliases: 1 }],
  ['{ ... on Q { a { ... { b } } } }', { depth: 2, fields: 2, rootFields: 1, aliases: 0 }],
  ['{ ...F } fragment F on Q { a { b } c }', { depth: 2, fields: 3, rootFields: 2, aliases: 0 }],
  ['{ a { ...F } b { ...F } } fragment F on X { y: z }', { depth: 2, fields: 4, rootFields: 2, aliases: 1 }],
  ['{ __schema { types { fields { type { ofType { ofType { name } } } } } } a { b } }', { depth: 2, fields: 3, rootFields: 2, aliases: 0 }],
  ['{ ...F } fragment F on Q { a { ...F } }', { depth: 1, fields: 1, rootFields: 1, aliases: 0 }],
  ['{ ...Missing a }', { depth: 1, fields: 1, rootFields: 1, aliases: 0 }],
])('measures %s', (source, size) => {
  expect(sizeOf(source)).toMatchObject(size);
});

it('counts what the rules of GraphQL have to compare: repeated fields, directives, fragments', () => {
  expect(sizeOf('{ a a a { b b x: b x: c } }')).toMatchObject({ repeated: 4 });
  expect(sizeOf('query @q { a @x @y ...F @z } fragment F on Q { b @x }')).toMatchObject({ directives: 5, fragments: 1, repeated: 0 });
});
