import { Viewer, type ViewerClaims } from '@quanyu/viewer';
import { z } from 'zod';

/** Where a subgraph answers the gateway. */
export const GRAPH_PATH = '/graphql';
/** The viewer's claims, as the gateway forwards them. */
export const VIEWER_HEADER = 'x-viewer';
export const REQUEST_ID_HEADER = 'x-request-id';
export const LANGUAGE_HEADER = 'accept-language';
/** What a live field is asked for as: one JSON text a line, an empty line now and then to show that somebody is there. */
export const STREAM_TYPE = 'application/x-ndjson';

/** A line of a live field. */
export type StreamLine =
  | { readonly next: unknown }
  /** The stream has come to its end. */
  | { readonly end: true }
  /** The process stops: ask again, another one will answer. */
  | { readonly again: true };

const claims = z.strictObject({
  kind: z.enum(['staff', 'member', 'partner', 'service', 'anonymous']),
  tenantId: z.string().min(1).max(64).nullable(),
  subjectId: z.string().max(128),
  scopes: z.array(z.string().max(64)).max(200),
  channels: z.union([z.literal('all'), z.array(z.string().max(64)).max(5_000)]),
  name: z.string().max(300).optional(),
});

const written = new WeakMap<ViewerClaims, string>();

/** Writes a viewer's claims as a header. */
export function writeViewer(viewer: Viewer): string {
  let text = written.get(viewer.claims);
  if (text === undefined) written.set(viewer.claims, text = Buffer.from(JSON.stringify(viewer.claims)).toString('base64url'));
  return text;
}

const REMEMBERED = 2_000;
const read = new Map<string, Viewer>();

/** Reads a viewer out of a header that a verified gateway sent; null when it is none. */
export function readViewer(header: string | undefined): Viewer | null {
  if (header === undefined) return null;
  const known = read.get(header);
  if (known !== undefined) return known;
  try {
    const viewer = new Viewer(claims.parse(JSON.parse(Buffer.from(header, 'base64url').toString())) as ViewerClaims);
    if (read.size >= REMEMBERED) read.delete(read.keys().next().value!);
    read.set(header, viewer);
    return viewer;
  } catch {
    return null;
  }
}
