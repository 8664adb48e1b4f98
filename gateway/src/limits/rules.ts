import { parse, type ASTVisitor, type GraphQLError, type ValidationRule } from 'graphql';
import { BoundedMap } from '../bounded-map.js';
import { refusal, type RefusalCode } from '../errors.js';
import { measureDocument, type OperationSize } from './measure.js';

/** Tokens of a document; the parser stops there. */
export const MOST_TOKENS = 5_000;

/** Characters of a document. Comments and literals are no end of tokens, and parsed documents and plans are remembered under their text. */
const MOST_CHARACTERS = 50_000;

/** The refusal of a text that is too long to be looked at; undefined for all else, whatever it is. */
const tooLong = (source: string): GraphQLError | undefined =>
  (source.length > MOST_CHARACTERS ? refusal('DOCUMENT_TOO_LONG', { limit: MOST_CHARACTERS, actual: source.length }) : undefined);

const LIMITS: readonly { readonly code: RefusalCode; readonly measure: keyof OperationSize; readonly limit: number }[] = [
  { code: 'QUERY_TOO_DEEP', measure: 'depth', limit: 15 },
  { code: 'TOO_MANY_ALIASES', measure: 'aliases', limit: 50 },
  { code: 'TOO_MANY_ROOT_FIELDS', measure: 'rootFields', limit: 20 },
  { code: 'TOO_MANY_DIRECTIVES', measure: 'directives', limit: 50 },
  { code: 'TOO_MANY_REPEATED_FIELDS', measure: 'repeated', limit: 50 },
  { code: 'TOO_MANY_FRAGMENTS', measure: 'fragments', limit: 100 },
  { code: 'QUERY_TOO_LARGE', measure: 'fields', limit: 5_000 },
];

const REMEMBERED_CHARACTERS = 2 * 1024 * 1024;
const small = new BoundedMap<string, true>(REMEMBERED_CHARACTERS, Infinity, (_, source) => source.length + 100);

/**
 * The refusal of a document that is too large to be validated, undefined for all else, whatever it is. Asked before
 * the rules of GraphQL, since some of them take the square of what they are given: a document that keeps its tokens
 * can hold them for a second.
 */
export function tooLarge(source: unknown): GraphQLError | undefined {
  if (typeof source !== 'string') return undefined;
  const long = tooLong(source);
  if (long !== undefined || small.get(source)) return long;
  const sizes = sizesOf(source);
  for (const size of sizes) {
    const broken = LIMITS.find(({ measure, limit }) => size[measure] > limit);
    if (broken !== undefined) return refusal(broken.code, { limit: broken.limit, actual: size[broken.measure] });
  }
  if (sizes.length > 0) small.set(source, true);
  return undefined;
}

/** Of a document that cannot be parsed, nothing: the parser itself says why, to whom it concerns. */
function sizesOf(source: string): readonly OperationSize[] {
  try {
    return measureDocument(parse(source, { maxTokens: MOST_TOKENS, noLocation: true }));
  } catch {
    return [];
  }
}

/** The rules that a client's document must keep besides those of the GraphQL specification. */
export const limitRules = ({ introspection }: { readonly introspection: boolean }): ValidationRule[] => (introspection ? [] : [noIntrospectionRule]);

const noIntrospectionRule: ValidationRule = (context): ASTVisitor => ({
  Field(field) {
    if (field.name.value === '__schema' || field.name.value === '__type') {
      context.reportError(refusal('INTROSPECTION_DISABLED', {}, [field]));
    }
  },
});
