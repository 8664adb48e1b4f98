import { type ASTVisitor, type GraphQLError, type OperationDefinitionNode, type ValidationRule } from 'graphql';
import { refusal, type RefusalCode } from '../errors.js';
import { measureOperation, type OperationSize } from './measure.js';

/** Tokens of a document; the parser stops there. */
export const MOST_TOKENS = 5_000;

/** Characters of a document. Comments and literals are no end of tokens, and parsed documents and plans are remembered under their text. */
const MOST_CHARACTERS = 50_000;

/** The refusal of a text that is too long to be looked at; undefined for all else, whatever it is. */
export const tooLong = (source: unknown): GraphQLError | undefined =>
  (typeof source === 'string' && source.length > MOST_CHARACTERS ? refusal('DOCUMENT_TOO_LONG', { limit: MOST_CHARACTERS, actual: source.length }) : undefined);

const LIMITS: readonly { readonly code: RefusalCode; readonly measure: keyof OperationSize; readonly limit: number }[] = [
  { code: 'QUERY_TOO_DEEP', measure: 'depth', limit: 15 },
  { code: 'TOO_MANY_ALIASES', measure: 'aliases', limit: 50 },
  { code: 'TOO_MANY_ROOT_FIELDS', measure: 'rootFields', limit: 20 },
  { code: 'QUERY_TOO_LARGE', measure: 'fields', limit: 5_000 },
];

/** The rules that a client's document must keep besides those of the GraphQL specification. */
export function limitRules({ introspection }: { readonly introspection: boolean }): ValidationRule[] {
  return introspection ? [sizeRule] : [sizeRule, noIntrospectionRule];
}

const sizeRule: ValidationRule = (context) => ({
  OperationDefinition(operation) {
    const size = measureOperation(operation, context.getDocument());
    for (const { code, measure, limit } of LIMITS) {
      if (size[measure] > limit) context.reportError(tooMuch(code, limit, size[measure], operation));
    }
  },
});

const tooMuch = (code: RefusalCode, limit: number, actual: number, operation: OperationDefinitionNode): GraphQLError =>
  // Only the place of the name: printing a huge operation back would double its cost.
  refusal(code, { limit, actual }, operation.name && [operation.name]);

const noIntrospectionRule: ValidationRule = (context): ASTVisitor => ({
  Field(field) {
    if (field.name.value === '__schema' || field.name.value === '__type') {
      context.reportError(refusal('INTROSPECTION_DISABLED', {}, [field]));
    }
  },
});
