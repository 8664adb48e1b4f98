import { describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { currentContext, withContext } from './index.js';

describe('withContext', () => {
  it('is empty outside', () => {
    expect(currentContext()).toEqual({});
  });

  it('gives back what the work gives back', () => {
    expect(withContext({ requestId: 'r' }, () => 7)).toBe(7);
  });

  it('follows the work through awaits without mixing two of them', async () => {
    const run = (requestId: string) =>
      withContext({ requestId }, async () => {
        await sleep(requestId === 'a' ? 5 : 1);
        return currentContext().requestId;
      });
    expect(await Promise.all([run('a'), run('b')])).toEqual(['a', 'b']);
  });

  it('keeps from the context around it what is not given', () => {
    withContext({ requestId: 'r', correlationId: 'c' }, () => {
      withContext({ causationId: 'e', requestId: undefined }, () => {
        expect(currentContext()).toEqual({ requestId: 'r', correlationId: 'c', causationId: 'e' });
      });
      expect(currentContext().causationId).toBeUndefined();
    });
  });
});
