export interface Scan { readonly at: Date; readonly text: string }

/** Parcels as carriers scan them, newest scan last. */
export class TrackStore {
  readonly scans = new Map<string, Scan[]>();
  readonly states = new Map<string, 'IN_TRANSIT' | 'DELIVERED'>();
  readonly followed: string[] = [];

  scan(number: string, at: Date, text: string, state: 'IN_TRANSIT' | 'DELIVERED'): void {
    this.scans.set(number, [...(this.scans.get(number) ?? []), { at, text }]);
    this.states.set(number, state);
  }
}

/** In the words of Beijing's clock. */
export const beijingText = (at: Date): string => new Date(at.getTime() + 28_800_000).toISOString().replace('T', ' ').slice(0, 19);
