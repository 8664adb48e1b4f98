import { TypeInfo, visit, visitWithTypeInfo, type DocumentNode, type OperationDefinitionNode } from 'graphql';
import type { Operation } from '../plan/operation.js';
import type { Supergraph } from '../supergraph.js';

const known = new WeakMap<Supergraph, WeakMap<OperationDefinitionNode, readonly string[]>>();

/** The fields that a document holds, each once, as `Product.title`; looked for once for each document. */
export function fieldsOf(supergraph: Supergraph, { document, definition }: Operation): readonly string[] {
  let documents = known.get(supergraph);
  if (documents === undefined) known.set(supergraph, (documents = new WeakMap()));
  let fields = documents.get(definition);
  if (fields === undefined) documents.set(definition, (fields = read(supergraph, document)));
  return fields;
}

function read({ apiSchema }: Supergraph, document: DocumentNode): readonly string[] {
  const types = new TypeInfo(apiSchema);
  const fields = new Set<string>();
  visit(document, visitWithTypeInfo(types, { Field({ name: { value } }) {
    const parent = types.getParentType();
    if (parent && !value.startsWith('__')) fields.add(`${parent.name}.${value}`);
  } }));
  return [...fields];
}
