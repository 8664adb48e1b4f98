import { sqlMigrations, type SqlMigration } from '@quanyu/database';

export { on, onTogether, type ConsumeContext, type Subscription, type TogetherContext } from './consume.js';
export { EventDoor } from './event-door.js';
export { sweepEventLog } from './housekeeping.js';
export { Gathered, type Hints } from './hints/hints.js';
export { PostgresHints } from './hints/postgres-hints.js';
export { RedisHints } from './hints/redis-hints.js';
export { Live, type Missed } from './live.js';
export { type FollowedEvent, type LiveFilter } from './live-stream.js';
export { LogReader } from './log-reader.js';
export { type ParkedEvent } from './parked-events.js';
export { type ParkingLot, type Replay } from './parking-lot.js';
export { record } from './record.js';
export { ringBell } from './bell.js';
export { Relay, type Consumer, type Verdict } from './relay.js';
export { watchLag, watchParked } from './watch-log.js';

/** The tables of the event log, which every schema has. */
export const eventLogMigrations = (): SqlMigration[] => sqlMigrations(new URL('../migrations/', import.meta.url));
