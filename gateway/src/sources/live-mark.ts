/**
 * How a live field is opened: `follow` gives all changes from now on, or after a cursor; `catch-up` gives the state as
 * it is (or, with a cursor, the changes that were missed) and ends at the place where `follow` goes on.
 */
export interface LiveRequest { readonly mode: 'follow' | 'catch-up'; readonly after?: string | undefined }

/** What a result of a live field says of itself in `extensions.live`; only `current` and `change` carry data. */
export interface LiveMark {
  readonly phase: 'start' | 'current' | 'change' | 'lagged' | 'caught-up';
  /** `a.b`, both whole numbers: a place in the owner's log. */
  readonly cursor: string;
  /** Of a level: a later value with this key replaces an earlier one that nobody has read. */
  readonly key?: string | undefined;
}
