import type { IncomingMessage } from 'node:http';
import { searchOfKnownDocument, withKnownDocument } from '../limits/known-document.js';
import { tooLarge } from '../limits/rules.js';
import type { TrustedDocuments } from '../limits/trusted-documents.js';
import { readJson } from './read-body.js';

/** What a request asks: its body, or the part of its address behind the question mark. */
export interface Asked { readonly body: unknown; readonly search: string }

/** Reads what a request asks, with the text of a document in the place of its id; throws where the text may not run or is too large. */
export async function readAsked(request: IncomingMessage, documents: TrustedDocuments | undefined): Promise<Asked> {
  if (request.method === 'POST') {
    const sent = await readJson(request);
    const body = documents === undefined ? sent : withKnownDocument(documents, sent);
    refuseLarge((body as { readonly query?: unknown } | null | undefined)?.query);
    return { body, search: '' };
  }
  const at = request.url?.indexOf('?') ?? -1;
  const sent = at < 0 ? '' : (request.url ?? '').slice(at);
  const search = documents === undefined ? sent : searchOfKnownDocument(documents, sent);
  refuseLarge(new URLSearchParams(search).get('query'));
  return { body: undefined, search };
}

function refuseLarge(query: unknown): void {
  const large = tooLarge(query);
  if (large !== undefined) throw large;
}
