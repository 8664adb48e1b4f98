import type { JobsOptions as BullOptions } from 'bullmq';
import type { JobDefinition, JobPriority } from './definition.js';

const FAILED_KEPT = { age: 14 * 24 * 3600, count: 1000 };

// BullMQ takes 0 first and then the lower number.
const PRIORITY: Readonly<Record<JobPriority, number>> = { urgent: 0, normal: 1, bulk: 2 };

/** How BullMQ is to treat a job of this definition. */
export function bullOptions({ attempts = 5, firstRetryMs = 1000, priority = 'normal' }: JobDefinition<unknown>): BullOptions {
  return {
    attempts,
    priority: PRIORITY[priority],
    backoff: { type: 'exponential', delay: firstRetryMs, jitter: 0.5 },
    removeOnComplete: true,
    removeOnFail: FAILED_KEPT,
    // Stacks hold messages, and messages may hold what a customer typed.
    stackTraceLimit: 0,
  };
}

/** A lock this long is renewed while the job runs; a handler that blocks the event loop for half of it may run twice. */
export const LOCK_MS = 10_000;

/**
 * A killed worker's job is looked for three times per lock, and taken over by the second look that finds its lock run
 * out. A job survives ten kills before it counts as failed: it may be the one that kills.
 */
export function takeOver(lockMs: number) {
  return { lockDuration: lockMs, stalledInterval: Math.round(lockMs * 0.3), maxStalledCount: 10 };
}
