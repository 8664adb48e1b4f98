import { describe, expect, it } from '@jest/globals';
import { acceptRefusal, actionsOf, EXCEPTION_STATES, exceptionActionRefusal } from './exception-actions.js';
import { EXCEPTION_CODES, ORDER_STATUSES } from './order-state.js';

describe('an exception', () => {
  const accepted = { STOCK_SHORT: 'orders:write', BAD_ADDRESS: 'orders:write', LINES_CHANGED: 'orders:write', SEND_SOON: 'orders:write', PRICE_BELOW_FLOOR: 'catalog:write' } as const;
  it.each(EXCEPTION_CODES.flatMap((code) => EXCEPTION_STATES.flatMap((state) => ORDER_STATUSES.map((orderStatus) => ({ code, state, orderStatus })))))('$code, $state, of an order that is $orderStatus is accepted by who may, or refused by its code', (facts) => {
    const { code, state, orderStatus } = facts;
    const scope = code in accepted ? accepted[code as keyof typeof accepted] : code === 'SHIPPED_EARLY' && (orderStatus === 'CANCELLED' || state !== 'OPEN') ? 'orders:write' : null;
    const expected = scope === null ? 'EXCEPTION_NOT_ACCEPTABLE' : state === 'OPEN' ? null : 'EXCEPTION_CLOSED';
    expect(acceptRefusal(facts, (asked) => asked === scope)).toBe(expected);
    if (expected === null) expect(acceptRefusal(facts, (asked) => asked !== scope)).toBe('ACCEPTING_NOT_ALLOWED');
    for (const action of actionsOf(code).filter((one) => one !== 'ACCEPT')) expect(exceptionActionRefusal(facts, action, () => true)).toBe(state === 'RESOLVED' ? 'EXCEPTION_CLOSED' : null);
  });
});
