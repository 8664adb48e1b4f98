import pg from 'pg';

type Fields = readonly (string | null)[];
type Parse = (text: string) => unknown;

/** A select that each connection parses once. The first two parameters are the tenant and, with a clock of its own, the time. */
export interface PreparedSelect {
  /** Unlike every other of the process. */
  readonly name: string;
  readonly text: string;
  /** The names of the columns in the rows. */
  readonly columns: readonly string[];
  /** Columns of 64 bits that are read as numbers; the wire has them as text. */
  readonly wide: ReadonlySet<string>;
}

/** The transaction's tenant and clock, as the one statement that sets them. */
const SESSION = { name: 'quanyu_session', text: "select set_config('app.tenant_id', $1, true), set_config('app.now', $2, true)" };

/** What of pg's connection is used; its types leave these out. */
interface Wire {
  readonly stream: { cork?(): void; uncork?(): void };
  parse(statement: { readonly name: string; readonly text: string }): void;
  bind(to: { readonly statement: string; readonly values: readonly unknown[]; readonly valueMapper: (value: unknown) => unknown }): void;
  describe(what: { readonly type: 'S'; readonly name: string }): void;
  execute(what: object): void;
  close(what: { readonly type: 'S'; readonly name: string }): void;
  sync(): void;
}
interface Described { readonly fields: readonly { readonly dataTypeID: number }[] }

/** By connection: what it has parsed, and how the columns of each are read. */
const parsed = new WeakMap<Wire, Map<string, readonly Parse[]>>();

/**
 * One select in a transaction of its own, on one round trip: the tenant, the statement and the end go out together
 * (extended query protocol; what stands before one Sync is one transaction). Goes through `client.query` like any other
 * query of pg.
 */
export class SelectOnce<Row> implements pg.Submittable {
  /** Set by pg's own hand or ours; the first call is the answer. */
  callback: ((error: Error | null, rows?: Row[]) => void) | undefined;
  readonly #rows: Row[] = [];
  #known = new Map<string, readonly Parse[]>();
  #parsers: readonly Parse[] | undefined;
  #ofSession = true;

  constructor(private readonly select: PreparedSelect, private readonly session: readonly [tenantId: string, now: string], private readonly values: readonly unknown[]) {}

  submit(connection: unknown): void {
    const wire = connection as Wire;
    let known = parsed.get(wire);
    if (known === undefined) parsed.set(wire, (known = new Map()));
    this.#known = known;
    const { name, text } = this.select;
    this.#parsers = known.get(name);
    wire.stream.cork?.();
    try {
      if (!known.has(SESSION.name)) prepare(wire, SESSION);
      wire.bind({ statement: SESSION.name, values: this.session, valueMapper: asText });
      wire.execute({});
      if (this.#parsers === undefined) {
        prepare(wire, { name, text });
        wire.describe({ type: 'S', name });
      }
      wire.bind({ statement: name, values: this.values, valueMapper: asText });
      wire.execute({});
      wire.sync();
    } finally {
      wire.stream.uncork?.();
    }
  }

  handleRowDescription({ fields }: Described): void {
    const { columns, wide } = this.select;
    this.#parsers = fields.map(({ dataTypeID }, n) => (wide.has(columns[n] as string) ? Number : parserOf(dataTypeID)));
  }

  handleDataRow({ fields }: { readonly fields: Fields }): void {
    if (this.#ofSession) return;
    const { columns } = this.select;
    const row: Record<string, unknown> = {};
    for (let n = 0; n < columns.length; n += 1) {
      const field = fields[n] as string | null;
      row[columns[n] as string] = field === null ? null : (this.#parsers as readonly Parse[])[n]!(field);
    }
    this.#rows.push(row as Row);
  }

  handleCommandComplete(): void {
    this.#ofSession = false;
  }

  handleReadyForQuery(): void {
    this.#known.set(SESSION.name, []);
    this.#known.set(this.select.name, this.#parsers ?? []);
    this.callback?.(null, this.#rows);
  }

  handleError(error: Error): void {
    this.callback?.(error);
  }

  handlePortalSuspended(): void {}
  handleEmptyQuery(): void {}
}

/** Closed first: after an error nobody knows whether it had been parsed. */
function prepare(wire: Wire, { name, text }: { readonly name: string; readonly text: string }): void {
  wire.close({ type: 'S', name });
  wire.parse({ name, text });
}

const asText = (value: unknown): unknown => (Array.isArray(value) ? arrayText(value) : value instanceof Date ? value.toISOString() : value === null || value === undefined ? null : String(value));

/** An array as PostgreSQL writes it. */
const arrayText = (values: readonly unknown[]): string => `{${values.map((value) => (value === null ? 'NULL' : `"${String(asText(value)).replace(/[\\"]/g, '\\$&')}"`)).join()}}`;

const asItIs: Parse = (text) => text;
const TEXTS = new Set([25, 1043]);
const parserOf = (oid: number): Parse => (TEXTS.has(oid) ? asItIs : pg.types.getTypeParser(oid, 'text') as Parse);
