/**
 * How the gateway opens a live field: `follow` for all changes from now on (or after a cursor), `catch-up` for the
 * state as it is (or, with a cursor, for the changes that were missed), which ends where `follow` goes on.
 */
export interface LiveRequest { readonly mode: 'follow' | 'catch-up'; readonly after?: string | undefined }

/** What the gateway is told with each item of a live field. Items without a resolver's event only mark a place. */
export interface LiveMark {
  readonly phase: 'start' | 'current' | 'change' | 'lagged' | 'caught-up';
  readonly cursor: string;
  /** Of a level, such as a stock count: a later value with this key replaces an earlier one that nobody has read. */
  readonly key?: string;
}
