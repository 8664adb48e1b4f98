import type { TrustedDocuments } from './trusted-documents.js';

/** Puts the text that a request means in the place of the document's id, and takes out what only meant the id. */
export function withKnownDocument(documents: TrustedDocuments, body: unknown): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  const { documentId, extensions, ...rest } = body as Record<string, unknown>;
  const query = documents.textOf({ query: rest['query'], documentId, extensions });
  return { ...rest, ...(query !== undefined && { query }), ...(extensions !== undefined && { extensions: withoutId(extensions) }) };
}

/** The same for the part of an address behind the question mark. */
export function searchOfKnownDocument(documents: TrustedDocuments, search: string): string {
  const parameters = new URLSearchParams(search);
  const extensions = jsonOf(parameters.get('extensions'));
  const query = documents.textOf({ query: parameters.get('query') ?? undefined, documentId: parameters.get('documentId') ?? undefined, extensions });
  parameters.delete('documentId');
  if (query !== undefined) parameters.set('query', query);
  if (extensions !== undefined) parameters.set('extensions', JSON.stringify(withoutId(extensions)));
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}

function withoutId(extensions: unknown): unknown {
  if (typeof extensions !== 'object' || extensions === null) return extensions;
  const { persistedQuery: _id, ...rest } = extensions as Record<string, unknown>;
  return rest;
}

function jsonOf(text: string | null): unknown {
  if (text === null) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
