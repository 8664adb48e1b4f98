import { describe, expect, it } from '@jest/globals';
import { FIRST_SYNC_STEPS, stepAfter, stepsOf } from './first-sync.js';

describe('the first reading of a shop', () => {
  it('goes from products over customers, orders and webhooks to the index', () => {
    expect(FIRST_SYNC_STEPS.map(stepAfter)).toEqual(['CUSTOMERS', 'ORDERS', 'WEBHOOKS', 'INDEX', 'DONE']);
  });

  it('shows steps to come beside those that are done', () => {
    expect(stepsOf({ PRODUCTS: { state: 'DONE', count: 7 } }).map(({ step, state, count, waiting }) => [step, waiting ? 'WAITING' : state, count])).toEqual([['PRODUCTS', 'DONE', 7], ['CUSTOMERS', 'WAITING', 0], ['ORDERS', 'WAITING', 0], ['WEBHOOKS', 'WAITING', 0], ['INDEX', 'WAITING', 0]]);
  });
});
