import { describe, expect, it } from '@jest/globals';
import { mapEvents } from './map-events.js';

const END = { done: true, value: undefined };

/** A source that waits for ever, as one between two events, and counts how often it was freed. */
function parked() {
  const source = { freed: 0, next: () => new Promise<IteratorResult<number, undefined>>(() => undefined), return: async () => { source.freed += 1; return { done: true as const, value: undefined }; } };
  return source;
}
const counted = (last: number) => {
  let n = 0;
  const source = { freed: 0, next: async (): Promise<IteratorResult<number, undefined>> => (n < last ? { done: false, value: ++n } : { done: true, value: undefined }), return: async () => { source.freed += 1; return { done: true as const, value: undefined }; } };
  return source;
};

describe('mapEvents', () => {
  it('runs the step on each event, and ends with the source', async () => {
    const seen: number[] = [];
    for await (const value of mapEvents<number, number>(counted(3), async (event) => event * 10)) seen.push(value);
    expect(seen).toEqual([10, 20, 30]);
  });

  it('frees a source that is waiting at once, and lets the waiting one go', async () => {
    const source = parked();
    const mapped = mapEvents<number, unknown>(source, async (event) => event);
    const waiting = mapped.next();
    expect(await mapped.return?.()).toEqual(END);
    expect(source.freed).toBe(1);
    expect(await waiting).toEqual(END);
    expect(await mapped.next()).toEqual(END);
    await mapped.return?.();
    expect(source.freed).toBe(1);
  });

  it('does not wait for a source that does not let go', async () => {
    const source = { ...parked(), return: () => new Promise<never>(() => undefined) };
    expect(await mapEvents<number, unknown>(source, async (event) => event).return?.()).toEqual(END);
  });

  it('gives nothing more when it was ended during a step', async () => {
    let finish = (): void => undefined;
    const mapped = mapEvents<number, unknown>(counted(2), (event) => new Promise<number>((resolve) => { finish = () => resolve(event); }));
    const waiting = mapped.next();
    await new Promise((resolve) => setImmediate(resolve));
    await mapped.return?.();
    finish();
    expect(await waiting).toEqual(END);
  });

  it('frees the source when a step fails', async () => {
    const source = counted(2);
    const mapped = mapEvents<number, unknown>(source, async () => { throw new Error('no'); });
    await expect(mapped.next()).rejects.toThrow('no');
    expect(source.freed).toBe(1);
    expect(await mapped.next()).toEqual(END);
  });
});
