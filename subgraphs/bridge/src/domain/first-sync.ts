// The first reading of a shop: products, then customers, then orders, then webhooks, then the index of its goods. A step that
// its platform has nothing for is left out; one that fails for good is told and does not stop the rest.

export const FIRST_SYNC_STEPS = ['PRODUCTS', 'CUSTOMERS', 'ORDERS', 'WEBHOOKS', 'INDEX'] as const;
export type FirstSyncStep = (typeof FIRST_SYNC_STEPS)[number];
export type StepState = 'RUNNING' | 'DONE' | 'SKIPPED' | 'FAILED';
export interface StepRecord { readonly state: StepState; readonly count: number; readonly error?: string }
export type StepRecords = Readonly<Partial<Record<FirstSyncStep, StepRecord>>>;

export const stepAfter = (step: FirstSyncStep): FirstSyncStep | 'DONE' => FIRST_SYNC_STEPS[FIRST_SYNC_STEPS.indexOf(step) + 1] ?? 'DONE';

/** What is shown of each step, those to come too. */
export const stepsOf = (records: StepRecords): readonly (StepRecord & { readonly step: FirstSyncStep; readonly waiting: boolean })[] =>
  FIRST_SYNC_STEPS.map((step) => ({ step, waiting: records[step] === undefined, ...(records[step] ?? { state: 'RUNNING' as const, count: 0 }) }));

/** Tries of a list: 5 s, 5 min, 30 min; then the next step begins, since orders must not wait for goods that cannot be read. */
export const STEP_TRIES = 4;
