import { setTimeout as sleep } from 'node:timers/promises';
import { createClient, type Client } from 'graphql-ws';
import WebSocket from 'ws';
import type { Credentials, Json } from './credentials.js';

/** A client that follows live fields and keeps what it has seen. */
export class LiveClient {
  /** Changes, in their order. */
  readonly seen: Record<string, Json[]> = {};
  /** The state that each began with. */
  readonly began: Record<string, Json[]> = {};
  readonly errors: Json[] = [];
  /** By which code the server closed it. */
  closed: number | undefined;

  private constructor(private readonly client: Client) {}

  static async open(url: string, credentials: Credentials): Promise<LiveClient> {
    const connectionParams = 'token' in credentials ? { authorization: `Bearer ${credentials.token}` } : { ...credentials };
    const client = createClient({ url: `${url.replace(/^http/, 'ws')}/graphql`, webSocketImpl: WebSocket, connectionParams, lazy: false, retryAttempts: 0, onNonLazyError: () => undefined });
    await new Promise<void>((resolve, reject) => {
      client.on('connected', () => resolve());
      client.on('closed', (event) => reject(Object.assign(new Error('closed'), { event })));
    });
    const live = new LiveClient(client);
    client.on('closed', (event) => { live.closed = (event as { code?: number }).code; });
    return live;
  }

  /** Follows a subscription under a name. Resolves once the server has had time to open it. */
  async follow(name: string, query: string, variables: Json = {}): Promise<() => void> {
    const list = (this.seen[name] ??= []);
    const began = (this.began[name] ??= []);
    const end = this.client.subscribe<Json>({ query, variables }, {
      next: ({ data, errors, extensions }) => {
        if (errors) this.errors.push(...errors);
        if (data) ((extensions as Json)?.live?.current === true ? began : list).push(Object.values(data)[0]);
      },
      error: (error) => { this.errors.push(error); },
      complete: () => undefined,
    });
    // The protocol has no answer to "subscribe"; what follows in the same socket is handled after it.
    await sleep(150);
    return end;
  }

  close(): void { void this.client.dispose(); }
}
