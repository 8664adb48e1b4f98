import { counter, gauge, histogram } from '@quanyu/telemetry';

export const jobsInQueue = gauge('quanyu_jobs', 'Jobs by state: waiting, active, delayed (a schedule keeps one each), failed for good.', ['queue', 'state']);
export const jobRunSeconds = histogram('quanyu_job_run_seconds', 'How long one try of a job took.', ['job', 'outcome']);
export const jobWaitSeconds = histogram('quanyu_job_wait_seconds', 'From when a job was due until a worker took it up, first tries only.', ['job']);
export const jobsEnqueued = counter('quanyu_jobs_enqueued_total', 'Jobs asked for; one that waited already counts too.', ['job']);
export const jobsFailed = counter('quanyu_jobs_failed_total', 'Jobs that failed for good.', ['job']);
export const jobsTakenOver = counter('quanyu_jobs_taken_over_total', 'Jobs taken over from a worker that is gone.', ['queue']);
export const jobsRebuilt = counter('quanyu_jobs_rebuilt_total', 'Jobs enqueued from the database, since nobody had asked for them or the queue had lost them.', ['job']);
export const queueLosses = counter('quanyu_job_queue_losses_total', 'Times that the queue had forgotten its schedules and was filled again.', ['queue']);
