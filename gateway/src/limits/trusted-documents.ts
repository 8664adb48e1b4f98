import { createHash } from 'node:crypto';
import { GraphQLError } from 'graphql';
import { refusal } from '../errors.js';

/** Identifies a document: SHA-256 of its text without the blanks around it, in hex. */
export const documentId = (text: string): string => createHash('sha256').update(text.trim()).digest('hex');

const ID = /^(?:sha256:)?([0-9a-f]{64})$/;

interface Body { readonly query?: unknown; readonly documentId?: unknown; readonly extensions?: unknown }

/**
 * The documents of our own clients. Asked for by their id they need not be sent; enforced, nothing else is run, and
 * whatever anybody might write is refused before it is parsed.
 */
export class TrustedDocuments {
  readonly #texts: ReadonlyMap<string, string>;

  constructor(texts: readonly string[], private readonly enforced: boolean) {
    this.#texts = new Map(texts.map((text) => [documentId(text), text]));
  }

  /** Gives the text that a request means; throws PERSISTED_QUERY_NOT_FOUND or DOCUMENT_NOT_TRUSTED. */
  textOf({ query, documentId: given, extensions }: Body): string | undefined {
    const asked = given ?? (extensions as { persistedQuery?: { sha256Hash?: unknown } } | null | undefined)?.persistedQuery?.sha256Hash;
    const text = typeof query === 'string' && query !== '' ? query : undefined;
    if (asked !== undefined && text === undefined) {
      const known = this.#texts.get(ID.exec(String(asked))?.[1] ?? '');
      if (known === undefined) throw new GraphQLError('PersistedQueryNotFound', { extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } });
      return known;
    }
    if (this.enforced && (text === undefined || !this.#texts.has(documentId(text)))) throw refusal('DOCUMENT_NOT_TRUSTED');
    return text;
  }
}
