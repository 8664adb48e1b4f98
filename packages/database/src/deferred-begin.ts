import pg from 'pg';

/** How many queries are sent for a transaction matters more than what is in them: each is a round trip under its locks. */
const OPENS = /^(begin|start transaction( [a-z ]+)?|select set_config\()/i;
const CLOSES = /^(commit|rollback)$/i;
const GIVES_UP = /^rollback$/i;
const NOTHING = { command: 'BEGIN', rowCount: null, oid: 0, fields: [], rows: [] };

/**
 * A PostgreSQL connection that sends what opens a transaction (BEGIN, and the tenant by set_config) together with its
 * first statement: two round trips less for every command and query. A transaction without a statement sends nothing.
 *
 * A ROLLBACK never fails: where it cannot be said any more the connection is gone, and the server has done it. The query
 * builder gives a connection back only after it, so that each one lost within a transaction would keep its place in the
 * pool for ever, and as many as the pool has would leave none.
 */
export class DeferredBeginClient extends pg.Client {
  #opening: string[] = [];

  // One signature for the many of pg: only plain texts are held back or joined, all else passes as it came.
  override query(...args: unknown[]): never {
    const [text, values] = args;
    const plain = typeof text === 'string' && (values === undefined || (Array.isArray(values) && values.length === 0)) && args.length <= 2;
    if (plain && this.#isOpening(text)) {
      this.#opening.push(text);
      return Promise.resolve(NOTHING) as never;
    }
    if (this.#opening.length === 0) return plain && GIVES_UP.test(text) ? this.#giveUp(text) as never : this.#send(...args);
    if (plain && CLOSES.test(text)) {
      this.#opening = [];
      return Promise.resolve(NOTHING) as never;
    }
    const opening = this.#opening.join('; ');
    this.#opening = [];
    if (plain) return this.#joined(opening, text) as never;
    // Queries with bound values cannot share a message; pg keeps them in order.
    const opened = this.#send(opening) as Promise<unknown>;
    opened.catch(() => undefined);
    return this.#send(...args);
  }

  async #giveUp(text: string): Promise<unknown> {
    try {
      return await (this.#send(text) as Promise<unknown>);
    } catch {
      return NOTHING;
    }
  }

  #isOpening(text: string): boolean {
    // set_config alone, outside an opening, is somebody's own statement.
    return OPENS.test(text) && (this.#opening.length > 0 || !/^select/i.test(text));
  }

  async #joined(opening: string, text: string): Promise<unknown> {
    const results = (await (this.#send(`${opening}; ${text}`) as Promise<unknown>)) as unknown[];
    return results.at(-1);
  }

  #send(...args: unknown[]): never {
    return (super.query as (...all: unknown[]) => never)(...args);
  }
}
