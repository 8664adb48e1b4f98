import { setTimeout as sleep } from 'node:timers/promises';
import { newId } from '@quanyu/ids';
import { log } from '@quanyu/telemetry';
import { Viewer } from '@quanyu/viewer';
import { parse } from 'graphql';
import type { GatewayContext } from '../context.js';
import type { LiveMark } from '../sources/live-mark.js';
import type { SubgraphSource } from '../sources/source.js';
import { isStream } from './map-events.js';

/** Where changes are announced to gateways: a live field of one subgraph, whose events are objects of ids. */
export interface Announcements { readonly subgraph: string; /** The subscription, of one field. */ readonly query: string }

/** Who listens to announcements. */
export interface Hearer {
  /** From here on each change is told; what happened before, or while nobody listened, is not. May be said twice. */
  began(): void | Promise<void>;
  told(change: Readonly<Record<string, unknown>>): void | Promise<void>;
  /** Nothing is told any more, until it begins again. */
  ended?(): void;
}

const RETRY_MILLISECONDS = 5_000;

/** Follows announcements until it is stopped, and again after each break. */
export function followAnnouncements({ subgraph, query }: Announcements, sourceOf: (name: string) => SubgraphSource | undefined, hearer: Hearer): () => void {
  let stopped = false;
  let events: AsyncIterator<unknown> | undefined;
  const service = new Viewer({ kind: 'service', tenantId: null, subjectId: 'gateway', scopes: [], channels: 'all' });

  const follow = async (): Promise<void> => {
    const context: GatewayContext = { viewer: service, requestId: newId('req'), language: 'en' };
    const opened = await sourceOf(subgraph)?.subscribe({ query, document: parse(query, { noLocation: true }), live: { mode: 'follow' } }, context);
    if (opened === undefined || !isStream(opened)) throw new Error('changes are not announced');
    events = opened;
    await hearer.began();
    for await (const { data, extensions } of opened) {
      // Where its reading of the log began, which is later than the moment it was opened.
      if ((extensions?.['live'] as LiveMark | undefined)?.phase === 'start') await hearer.began();
      const [change] = Object.values(data ?? {}) as (Readonly<Record<string, unknown>> | null)[];
      if (change !== undefined && change !== null) await hearer.told(change);
    }
  };

  const keepOn = async (): Promise<void> => {
    while (!stopped) {
      await follow().catch((error: unknown) => log.warn('announced changes cannot be followed', { subgraph, error }));
      hearer.ended?.();
      if (!stopped) await sleep(RETRY_MILLISECONDS, undefined, { ref: false });
    }
  };
  void keepOn();

  return () => {
    stopped = true;
    void events?.return?.();
  };
}
