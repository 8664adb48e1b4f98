export { Jobs, type EnqueueOptions, type JobsOptions } from './jobs.js';
export { defineJob, type JobContext, type JobDefinition, type JobLog, type JobSchedule, type PayloadParser } from './definition.js';
export { jobBackend, type JobBackendConfig } from './backend.js';
export { migrateJobs } from './migrate.js';
export { assertIdsOnly, type JobPayload } from './payload.js';
export { JobError, type JobErrorCode } from './errors.js';
