import { Gathered, type Hints } from '@quanyu/outbox';

/** How two processes of a house tell each other that a log has grown. */
export interface HintMessage { readonly hint: string; readonly xid: string }

/** The hints of all subgraphs over the channel between two processes: no connection of the database is kept for them. */
export class ChannelHints {
  readonly #listeners = new Map<string, (xid: bigint) => void>();

  /** @param send to the other process; what it cannot take now is lost, as a hint may be. */
  constructor(private readonly send: (message: HintMessage) => void) {}

  /** Hands in what the other process has sent. */
  hear({ hint, xid }: HintMessage): void { this.#listeners.get(hint)?.(BigInt(xid)); }

  /** Asks each log for a look, since nobody knows what has not been told. */
  missed(): void { for (const listener of this.#listeners.values()) listener(0n); }

  readonly of = (subgraph: string) => (): Hints => {
    const gathered = new Gathered((xid) => this.send({ hint: subgraph, xid: String(xid) }));
    return {
      ring: (xid) => gathered.ring(xid),
      listen: async (listener) => { this.#listeners.set(subgraph, listener); },
      stop: async () => {
        gathered.stop();
        this.#listeners.delete(subgraph);
      },
    };
  };
}
