import { setTimeout as sleep } from 'node:timers/promises';
import { newId } from '@quanyu/ids';
import { log } from '@quanyu/telemetry';
import { Viewer } from '@quanyu/viewer';
import { parse } from 'graphql';
import type { GatewayContext } from '../context.js';
import type { SubgraphSource } from '../sources/source.js';
import { isStream } from './map-events.js';
import type { RightsGuard } from './rights-guard.js';

/** Where changes of rights are announced: a live field whose events have a `subjectId`, in one subgraph. */
export interface RightsAnnouncements { readonly subgraph: string; /** The subscription, of one field. */ readonly query: string }

const RETRY_MILLISECONDS = 5_000;

/** Lets the guard look at those whose rights are announced to have changed; without it, it looks at everybody now and then. */
export function followRights(announcements: RightsAnnouncements, sourceOf: (name: string) => SubgraphSource | undefined, guard: RightsGuard): () => void {
  let stopped = false;
  let events: AsyncIterator<unknown> | undefined;
  const service = new Viewer({ kind: 'service', tenantId: null, subjectId: 'gateway', scopes: [], channels: 'all' });

  const follow = async (): Promise<void> => {
    const context: GatewayContext = { viewer: service, requestId: newId('req'), language: 'en' };
    const opened = await sourceOf(announcements.subgraph)?.subscribe({ query: announcements.query, document: parse(announcements.query, { noLocation: true }), live: { mode: 'follow' } }, context);
    if (opened === undefined || !isStream(opened)) throw new Error('changes of rights are not announced');
    events = opened;
    // What was announced before this began, or while it was away, is seen by looking at everybody.
    await guard.check();
    for await (const { data } of opened) {
      const [change] = Object.values(data ?? {}) as { subjectId?: string }[];
      if (change?.subjectId !== undefined) await guard.check(change.subjectId);
    }
  };

  const keepOn = async (): Promise<void> => {
    while (!stopped) {
      await follow().catch((error: unknown) => log.warn('changes of rights cannot be followed', { subgraph: announcements.subgraph, error }));
      if (!stopped) await sleep(RETRY_MILLISECONDS, undefined, { ref: false });
    }
  };
  void keepOn();

  return () => {
    stopped = true;
    void events?.return?.();
  };
}
