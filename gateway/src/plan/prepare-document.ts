import { GraphQLError, parse, specifiedRules, validate, type DocumentNode, type ValidationRule } from 'graphql';
import { BoundedMap } from '../bounded-map.js';
import { MOST_TOKENS, tooLarge } from '../limits/rules.js';
import type { Supergraph } from '../supergraph.js';

/** A document that may run, or why it may not. */
export type Prepared = DocumentNode | readonly GraphQLError[];

const REMEMBERED_DOCUMENTS = 500;
const MOST_ERRORS = 20;

/** Makes the parser and validator of documents that do not pass through Apollo Server; both kinds of error carry its codes. */
export function createDocumentPreparer(rules: readonly ValidationRule[]): (supergraph: Supergraph, source: string) => Prepared {
  const documents = new WeakMap<Supergraph, BoundedMap<string, Prepared>>();

  return (supergraph, source) => {
    const large = tooLarge(source);
    if (large !== undefined) return [large];
    let known = documents.get(supergraph);
    if (known === undefined) documents.set(supergraph, (known = new BoundedMap(REMEMBERED_DOCUMENTS)));
    const found = known.get(source);
    if (found !== undefined) return found;
    const prepared = prepare(supergraph, source, rules);
    known.set(source, prepared);
    return prepared;
  };
}

function prepare(supergraph: Supergraph, source: string, rules: readonly ValidationRule[]): Prepared {
  let document: DocumentNode;
  try {
    document = parse(source, { maxTokens: MOST_TOKENS });
  } catch (error) {
    return [coded(error as GraphQLError, 'GRAPHQL_PARSE_FAILED')];
  }
  const errors = validate(supergraph.apiSchema, document, [...specifiedRules, ...rules], { maxErrors: MOST_ERRORS });
  return errors.length === 0 ? document : errors.map((error) => coded(error, 'GRAPHQL_VALIDATION_FAILED'));
}

const coded = (error: GraphQLError, code: string): GraphQLError => {
  const { message, nodes, source, positions } = error;
  return new GraphQLError(message, { nodes, source, positions, originalError: error, extensions: { ...error.extensions, code } });
};
