import { newId } from '@quanyu/ids';
import type { Viewer } from '@quanyu/viewer';
import type { Language } from './language.js';
import type { LiveRequest } from './sources/live-mark.js';

/** What every part of the gateway, and each subgraph's source, knows of the request it works for. */
export interface GatewayContext {
  readonly viewer: Viewer;
  /** Told in `extensions.requestId` of errors and in the `x-request-id` header. */
  readonly requestId: string;
  readonly language: Language;
  /** Only while a subscription is opened in its subgraph. */
  readonly live?: LiveRequest | undefined;
}

const FOREIGN_REQUEST_ID = /^[\w-]{8,64}$/;

const PROCESS = newId('req');
let cheap = 0;

/** Takes the request id a caller sent when it has a harmless shape, or makes one; a cheap one for those who are only sent away. */
export function requestIdOf(header: string | undefined, cheaply = false): string {
  if (header !== undefined && FOREIGN_REQUEST_ID.test(header)) return header;
  return cheaply ? `${PROCESS}-${(cheap += 1).toString(36)}` : newId('req');
}
