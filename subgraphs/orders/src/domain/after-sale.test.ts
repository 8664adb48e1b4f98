import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AFTER_SALE_DEEDS, AFTER_SALE_KINDS, AFTER_SALE_STATES, isOpen, isVain, refundOf, stageOf, stepOf, type AfterSaleState } from './after-sale.js';

describe('an after-sale', () => {
  const YES: Record<string, string> = {
    'RETURN_AND_REFUND REQUESTED APPROVE': 'APPROVED', 'RETURN_AND_REFUND REQUESTED DENY': 'REJECTED', 'RETURN_AND_REFUND REQUESTED WITHDRAW': 'WITHDRAWN',
    'RETURN_AND_REFUND APPROVED SEND_BACK': 'RETURNING', 'RETURN_AND_REFUND APPROVED RECEIVE': 'INSPECTING', 'RETURN_AND_REFUND APPROVED WITHDRAW': 'WITHDRAWN',
    'RETURN_AND_REFUND RETURNING RECEIVE': 'INSPECTING', 'RETURN_AND_REFUND INSPECTING SETTLE': 'REFUNDING', 'RETURN_AND_REFUND INSPECTING DENY': 'REJECTED',
    'EXCHANGE REQUESTED APPROVE': 'APPROVED', 'EXCHANGE REQUESTED DENY': 'REJECTED', 'EXCHANGE REQUESTED WITHDRAW': 'WITHDRAWN',
    'EXCHANGE APPROVED SEND_BACK': 'RETURNING', 'EXCHANGE APPROVED RECEIVE': 'INSPECTING', 'EXCHANGE APPROVED WITHDRAW': 'WITHDRAWN',
    'EXCHANGE RETURNING RECEIVE': 'INSPECTING', 'EXCHANGE INSPECTING SETTLE': 'DONE', 'EXCHANGE INSPECTING DENY': 'REJECTED',
    'REFUND_ONLY REQUESTED APPROVE': 'REFUNDING', 'REFUND_ONLY REQUESTED DENY': 'REJECTED', 'REFUND_ONLY REQUESTED WITHDRAW': 'WITHDRAWN',
  };
  const cells = AFTER_SALE_KINDS.flatMap((kind) => AFTER_SALE_STATES.flatMap((state) => AFTER_SALE_DEEDS.map((deed) => [kind, state, deed] as const)));
  it.each(cells)('%s, %s, %s goes where the table says, or is refused', (kind, state, deed) => {
    expect(stepOf(kind, state, deed)).toBe(YES[`${kind} ${state} ${deed}`] ?? null);
  });

  it('always comes to an end, and none leaves it', () => {
    fc.assert(fc.property(fc.constantFrom(...AFTER_SALE_KINDS), fc.array(fc.constantFrom(...AFTER_SALE_DEEDS), { maxLength: 30 }), (kind, deeds) => {
      let state: AfterSaleState = 'REQUESTED';
      for (const deed of deeds) {
        const next = stepOf(kind, state, deed);
        if (!isOpen(state)) expect(next).toBeNull();
        state = next ?? state;
      }
      expect(!isVain(state) || !isOpen(state)).toBe(true);
    }));
  });

  it.each<[AfterSaleState[], string]>([[[], 'NONE'], [['DONE', 'REJECTED', 'WITHDRAWN'], 'NONE'], [['REQUESTED'], 'AFTER_SALE'], [['INSPECTING', 'DONE'], 'AFTER_SALE'], [['REQUESTED', 'REFUNDING'], 'REFUNDING']])('%j makes the order %s', (states, stage) => {
    expect(stageOf(states)).toBe(stage);
  });
});

describe('what goes back', () => {
  const lines = fc.array(fc.record({ quantity: fc.integer({ min: 1, max: 50 }), unitPriceMinor: fc.nat(1_000_000), discountMinor: fc.nat(1_000_000), cuts: fc.array(fc.nat(50), { maxLength: 4 }) }), { minLength: 1, maxLength: 12 });

  it('is never more than the goods cost, however it is cut into after-sales, and all of it when all comes back at once', () => {
    fc.assert(fc.property(lines, fc.nat(100_000_000), (list, goods) => {
      const claims = (of: (line: (typeof list)[number]) => number): number => refundOf(list.map((line) => ({ ...line, claim: of(line) })), goods, 'CNY');
      const rounds = Math.max(...list.map(({ cuts }) => cuts.length), 1);
      const left = list.map(({ quantity }) => quantity);
      let sum = 0;
      for (let round = 0; round < rounds; round += 1) {
        const claim = list.map(({ cuts }, place) => Math.min(cuts[round] ?? 0, left[place]!));
        claim.forEach((units, place) => { left[place]! -= units; });
        sum += claims((line) => claim[list.indexOf(line)]!);
      }
      expect(sum).toBeLessThanOrEqual(goods);
      const weight = list.reduce((total, line) => total + Math.max(0, line.unitPriceMinor * line.quantity - line.discountMinor), 0);
      expect(claims(({ quantity }) => quantity)).toBe(weight === 0 ? 0 : goods);
    }));
  });
});
