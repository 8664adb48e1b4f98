import { counter, gauge, histogram } from '@quanyu/telemetry';

export const eventsRecorded = counter('quanyu_events_recorded_total', 'Events that exist: recorded with a change that has committed.', ['event']);
export const eventsTakenIn = counter('quanyu_events_taken_in_total', 'Events that a consumer has taken in with their effect, each once.', ['consumer', 'event']);
export const eventSeconds = histogram('quanyu_event_delivery_seconds', 'From when an event was recorded until a consumer had committed its effect.', ['consumer']);
export const eventsPutAside = counter('quanyu_events_put_aside_total', 'Tries of events that failed.', ['consumer', 'event']);
export const eventLag = gauge('quanyu_event_lag_seconds', 'Age of the oldest event that a consumer has not been handed yet; 0 when it is up to date.', ['subgraph', 'consumer']);
export const eventsParked = gauge('quanyu_events_parked', 'Events put aside: RETRYING by themselves, PARKED until a person replays them.', ['consumer', 'state']);
