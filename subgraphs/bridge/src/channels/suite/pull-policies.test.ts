import { describe, expect, it } from '@jest/globals';
import { CHANNELS, PLATFORMS } from '../channels.js';
import type { Connector } from '../connector.js';

const policies = PLATFORMS.flatMap((platform) => {
  const pull = (CHANNELS[platform].connector as Connector | null)?.pull;
  return pull === null || pull === undefined ? [] : [[platform, pull] as const];
});

describe('orders of a shop', () => {
  it.each([['TAOBAO', 5], ['XIAOHONGSHU', 5], ['DOUYIN', 5], ['PINDUODUO', 10]] as const)('of %s are read every %d minutes', (platform, minutes) => {
    expect(policies.find(([name]) => name === platform)![1].everySeconds).toBe(minutes * 60);
  });

  it.each(policies)('of %s that change while they are read are in the next window too', (_platform, { everySeconds, overlapSeconds, longestWindowSeconds, lagSeconds }) => {
    expect(overlapSeconds).toBeGreaterThan(lagSeconds);
    // A window that may not be longer than the time between two readings would never catch up.
    expect(longestWindowSeconds).toBeGreaterThan(everySeconds + overlapSeconds);
  });
});
