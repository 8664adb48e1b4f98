/** What one buyer asked of one key, and what it was told. */
export interface Story {
  lines: readonly { readonly skuId: string; readonly quantity: number }[];
  /** Its hold ended after a second. */
  short: boolean;
  readonly asked: Set<string>;
  /** Answers that the buyer had: deed -> kind, and code of a refusal. */
  readonly told: Map<string, { readonly kind: string; readonly code?: string }>;
}

/** The asks and answers of all buyers, by key, as they came over the pipes. */
export class History {
  readonly stories = new Map<string, Story>();

  readonly take = (line: string): void => {
    const said = JSON.parse(line) as { key?: string; asks?: string; deed?: string; kind?: string; code?: string; lines?: Story['lines']; short?: boolean };
    if (said.key === undefined) return;
    let story = this.stories.get(said.key);
    if (story === undefined) this.stories.set(said.key, story = { lines: said.lines ?? [], short: said.short ?? false, asked: new Set(), told: new Map() });
    if (said.asks !== undefined) story.asked.add(said.asks);
    if (said.deed !== undefined) story.told.set(said.deed, { kind: said.kind!, ...(said.code !== undefined && { code: said.code }) });
  };

  count(deed: string, kind: string): number {
    return [...this.stories.values()].filter(({ told }) => told.get(deed)?.kind === kind).length;
  }
}

export interface Kept { readonly key: string; readonly state: string; readonly held: Readonly<Record<string, number>>; readonly reserved_events: number; readonly version: number }

/** What a buyer was told and what is kept of it, where they do not fit: empty when all is well. */
export function contradictions(history: History, kept: ReadonlyMap<string, Kept>): string[] {
  const wrong: string[] = [];
  for (const [key, { lines, short, asked, told }] of history.stories) {
    const row = kept.get(key);
    const kind = (deed: string): string | undefined => told.get(deed)?.kind;
    const say = (what: string): void => { wrong.push(`${key}: ${what}; kept ${row?.state ?? 'nothing'}, told ${JSON.stringify([...told])}`); };
    if (kind('RESERVE') === 'held' && row === undefined) say('a yes was lost');
    // No buyer repeats an ask that was short.
    if (kind('RESERVE') === 'short' && row !== undefined) say('a no holds something');
    // Held at the first try, whose answer was lost, and over before the repeat.
    const overAlready = short && told.get('RESERVE')?.code === 'RESERVATION_EXPIRED';
    if (told.get('RESERVE')?.kind === 'refused' && !overAlready) say('a fresh key was refused');
    if (row === undefined) continue;
    const asksFor = Object.fromEntries(lines.map(({ skuId, quantity }) => [skuId, quantity]));
    if (JSON.stringify(Object.entries(row.held).sort()) !== JSON.stringify(Object.entries(asksFor).sort())) say('holds something else than was asked');
    if (row.reserved_events < 1 || (row.reserved_events > 1 && !asked.has('CONFIRM'))) say(`${row.reserved_events} events of a hold`);
    if (kind('REPEAT') !== undefined && kind('REPEAT') !== 'held' && !short) say('a repeat was not answered as the first');
    if (kind('REUSE') === 'held' || kind('REUSE') === 'short') say('a key was used for something else');
    if (row.state === 'EXPIRED' && !short) say('ended before its end');
    if (row.state === 'RELEASED' && !asked.has('RELEASE') && !asked.has('CONFIRM')) say('released though nobody asked');
    if (kind('RELEASE') === 'done' && row.state !== 'RELEASED') say('not released though it was told');
    if (kind('CONFIRM') === 'done' && row.state !== 'CONFIRMED' && row.state !== 'CONSUMED') say('a paid hold was lost');
    if (kind('CONFIRM') === 'refund' && row.state !== 'RELEASED') say('refunded and still held');
    if (kind('CONSUME') === 'done' && row.state !== 'CONSUMED' && row.state !== 'CONFIRMED') say('shipped and not kept');
  }
  return wrong;
}
