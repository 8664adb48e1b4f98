import { describe, expect, it } from '@jest/globals';
import { buildSchema } from 'graphql';
import { clientOperation, coordinatesOf, operationFaults } from './operations.js';

const schema = buildSchema(`
  enum State { OPEN HELD }
  input Deep { state: State }
  input MoveInput { id: ID!, deep: Deep, note: String }
  type Order { id: ID! state: State! }
  type Query { order(id: ID!): Order }
  type Mutation { move(input: MoveInput!): Order }
`);
const operation = (text: string, file = 'a.graphql') => clientOperation(file, text);

describe('a client operation', () => {
  it('uses what it names, through fragments, inputs and enums', () => {
    const used = coordinatesOf(schema, operation('mutation Move($id: ID!) { move(input: { id: $id, deep: { state: HELD } }) { ...O } } fragment O on Order { state }'));
    for (const coordinate of ['Mutation.move', 'Mutation.move.input', 'MoveInput.id', 'MoveInput.deep', 'Deep.state', 'State.HELD', 'Order.state', 'Order', 'MoveInput']) expect(used).toContain(coordinate);
    for (const coordinate of ['Order.id', 'State.OPEN', 'MoveInput.note', 'Query.order']) expect(used).not.toContain(coordinate);
  });

  it('is refused with its file when the graph does not know what it asks', () => {
    expect(operationFaults(schema, [operation('query A { order(id: 1) { total } }')])).toEqual([expect.stringMatching(/^a\.graphql: Cannot query field "total"/)]);
  });

  it('is refused without a name, and with the name of another', () => {
    expect(operationFaults(schema, [operation('{ order(id: 1) { id } }')])).toEqual(['a.graphql: give the operation a name.']);
    expect(operationFaults(schema, [operation('query A { order(id: 1) { id } }'), operation('query A { order(id: 2) { id } }', 'b.graphql')])).toHaveLength(2);
  });

  it('is refused when it passes an input whole, which hides what it sends', () => {
    expect(operationFaults(schema, [operation('mutation M($input: MoveInput!) { move(input: $input) { id } }')])).toEqual([expect.stringContaining('write the fields of MoveInput! out')]);
  });
});
