import { describe, expect, it } from '@jest/globals';
import { DoorLoad } from './door-load.js';

describe('the webhook door', () => {
  it('is crowded while more than so many come in half a second, and calm again half a second after the last', () => {
    let now = 10;
    const load = new DoorLoad(() => now);
    load.note(75);
    expect(load.isCrowded()).toBe(false);
    load.note(1);
    expect(load.isCrowded()).toBe(true);
    now = 600;
    expect(load.isCrowded()).toBe(true);
    now = 1_100;
    expect(load.isCrowded()).toBe(false);
    now = 60_000;
    load.note(30);
    expect(load.isCrowded()).toBe(false);
  });
});
