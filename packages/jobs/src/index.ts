export { Jobs, type EnqueueOptions, type JobsOptions } from './jobs.js';
export type { PlannedTick } from './schedules.js';
export { defineJob, type DueJob, type JobContext, type JobDefinition, type JobLog, type JobPriority, type JobSchedule, type PayloadParser } from './definition.js';
export type { JobStore } from './backend.js';
export { migrateJobs } from './migrate.js';
export { assertIdsOnly, type JobPayload } from './payload.js';
export { JobError, type JobErrorCode } from './errors.js';
