import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ExecutionResult, GraphQLError } from 'graphql';
import type { Authenticated, Authenticator } from '../authenticator.js';
import { refusal } from '../errors.js';
import type { Gate } from '../limits/gate.js';
import type { Prepared } from '../plan/prepare-document.js';
import { presentError } from '../present-error.js';
import type { SubgraphSource } from '../sources/source.js';
import type { Supergraph } from '../supergraph.js';
import type { Usage } from '../usage/usage.js';
import type { Announcements } from './announcements.js';
import type { DoorOptions } from './door.js';
import { LiveHub, type Subscribe } from './hub.js';
import { createLiveServer } from './live-server.js';
import { PullListener } from './pull-listener.js';
import { followRights } from './rights-feed.js';
import { RightsGuard } from './rights-guard.js';

/** Settings of live connections that a gateway passes on. */
export interface LiveSettings {
  /** Between two pings of a WebSocket; 25 s by default. */
  readonly pingMilliseconds?: number;
  /** How long a client may leave what was sent unread; 30 s by default. */
  readonly stallMilliseconds?: number;
  /** WebSockets from one address; 200 by default. */
  readonly connectionsPerAddress?: number;
  /** How often the rights of open connections are looked up again; every 10 s by default. */
  readonly rightsCheckMilliseconds?: number;
  /** Where changes of rights are announced, so that they are noticed at once. */
  readonly rightsAnnouncements?: Announcements;
}

/** What the live side needs of the gateway. */
export interface LiveNeeds extends DoorOptions {
  readonly current: () => Supergraph;
  readonly authenticator: Authenticator;
  readonly introspection: boolean;
  readonly prepare: (supergraph: Supergraph, source: string) => Prepared;
  readonly gate?: Gate | undefined;
  readonly usage?: Usage | undefined;
}

/** The live side of a gateway: streams, shared by all who listen, over WebSocket and whatever pulls them. */
export interface LiveSide {
  readonly hub: LiveHub;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /**
   * Opens a subscription for SSE or multipart: texts of JSON, one an execution result, until `return()`. It ends by
   * itself with an error when the credentials do. Or gives the one result that says why there is no stream.
   */
  openStream(subscribe: Subscribe, admitted: Authenticated): Promise<AsyncIterableIterator<string> | ExecutionResult>;
  swap(next: Supergraph): Promise<void>;
  close(): Promise<void>;
}

/** Sets up the live side. */
export function createLive(needs: LiveNeeds, settings: LiveSettings): LiveSide {
  const { introspection, prepare } = needs;
  const hub = new LiveHub({ introspection, prepare });
  const guard = new RightsGuard(needs.authenticator, settings.rightsCheckMilliseconds);
  const sourceOf = (name: string): SubgraphSource | undefined => needs.current().sources.get(name);
  const unfollow = settings.rightsAnnouncements && followRights(settings.rightsAnnouncements, sourceOf, guard);
  const server = createLiveServer({ ...needs, ...settings, hub, guard });
  const pulling = new Set<PullListener>();

  return {
    hub,
    upgrade: server.upgrade,
    async openStream(subscribe, admitted) {
      const { requestId, language } = subscribe.context;
      const listener = new PullListener((errors: readonly GraphQLError[]) =>
        JSON.stringify({ errors: errors.map((error) => presentError(error, { requestId, language, introspection })) }));
      const joined = await hub.join(subscribe, listener);
      if (typeof joined !== 'function') return joined;
      const unwatch = guard.watch(admitted, (reason) => listener.end([refusal('UNAUTHENTICATED', { reason })]));
      pulling.add(listener);
      listener.leave = () => {
        pulling.delete(listener);
        unwatch();
        joined();
      };
      return listener;
    },
    swap: (next) => hub.swap(next),
    async close() {
      unfollow?.();
      guard.stop();
      for (const listener of pulling) listener.end([refusal('STREAM_INTERRUPTED')]);
      await server.close();
    },
  };
}
