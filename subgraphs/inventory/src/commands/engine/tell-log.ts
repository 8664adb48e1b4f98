import { log, withContext } from '@quanyu/telemetry';
import type { AskOutcome, DeedOutcome } from '../../domain/outcome.js';
import { idOf } from '../seed.js';
import type { AskEntry, DeedEntry } from './ask.js';

/** Where admit() in SQL begins to number what it tells of shortness. */
const SHORT_FROM = 800_000;

// What a batch tells of orders is written by the database; the log gets the line that `record` would leave.

export function tellAsk(owner: string, seed: string, n: number, entry: AskEntry, outcome: AskOutcome): void {
  const { tells } = entry.asked;
  if (outcome.kind === 'held' && !outcome.replay && tells !== 'nobody') tell(owner, entry, 'inventory.stock-reserved.v1', idOf('evt', seed, n));
  if (outcome.kind === 'short' && tells === 'held and short') tell(owner, entry, 'inventory.stock-short.v1', idOf('evt', seed, SHORT_FROM + n));
}

export function tellDeed(owner: string, seed: string, n: number, entry: DeedEntry, outcome: DeedOutcome): void {
  if (entry.asked.deed === 'RELEASE' && outcome.kind === 'done' && !outcome.replay && outcome.state === 'RELEASED') tell(owner, entry, 'inventory.stock-released.v1', idOf('evt', seed, n));
}

const tell = (owner: string, { asked, tenantId, correlationId }: AskEntry | DeedEntry, eventType: string, eventId: string): void =>
  withContext({ correlationId: correlationId ?? eventId }, () => log.info('event told', { step: `${owner}/told`, tenantId, eventId, eventType, orderId: asked.key }));
