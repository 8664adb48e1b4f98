import { answer, reserveStock as reserveStockCall, settleReservation, type CallHandler } from '@quanyu/calls';
import type { Database } from '@quanyu/database';
import type { SubgraphDeps } from '@quanyu/subgraph';
import type { z } from 'zod';
import { confirmReservation, type ConfirmOutcome } from '../commands/holds/confirm-reservation.js';
import { reserveStock, type ReserveOutcome } from '../commands/holds/reserve-stock.js';
import { consumeReservation, extendReservation, releaseReservation, type PartOutcome } from '../commands/holds/settle-reservation.js';
import { INVENTORY_ERRORS } from '../errors.js';

type ReserveAnswer = z.input<typeof reserveStockCall.output>;
type SettleInput = z.output<typeof settleReservation.input>;
type SettleAnswer = z.input<typeof settleReservation.output>;

export const calls = ({ database }: SubgraphDeps): readonly CallHandler[] => [
  answer(reserveStockCall, async ({ bucket, holdMinutes, ...request }) =>
    reserveAnswer(await reserveStock(database, { ...request, hold: holdMinutes, tells: request.key.startsWith('ord_') ? 'held' : 'nobody', ...(bucket !== null && { bucket }) }))),
  answer(settleReservation, async (input) => settleAnswer(await settle(database, input))),
];

function reserveAnswer(outcome: ReserveOutcome): ReserveAnswer {
  if (outcome.kind === 'refused') return { kind: 'refused', code: outcome.code, retryable: INVENTORY_ERRORS[outcome.code].retryable };
  const shortages = [...outcome.shortages];
  if (outcome.kind === 'short') return { kind: 'short', shortages };
  return { ...outcome, shortages, expiresAt: outcome.expiresAt?.toISOString() ?? null };
}

function settle(database: Database, input: SettleInput): Promise<ConfirmOutcome | PartOutcome> {
  switch (input.deed) {
    case 'CONFIRM': return confirmReservation(database, input);
    case 'EXTEND': return extendReservation(database, input);
    case 'RELEASE': return releaseReservation(database, input);
    case 'CONSUME': return consumeReservation(database, input);
  }
}

function settleAnswer(outcome: ConfirmOutcome | PartOutcome): SettleAnswer {
  switch (outcome.kind) {
    case 'refused': return { kind: 'refused', code: outcome.code, retryable: INVENTORY_ERRORS[outcome.code].retryable };
    case 'refund': return { kind: 'refund', reason: outcome.reason };
    case 'done': return { kind: 'done', reservationId: outcome.reservationId, state: outcome.state, expiresAt: outcome.expiresAt?.toISOString() ?? null, replay: outcome.replay };
  }
}
