import { defineEvent } from '@quanyu/events';
import { z } from 'zod';

export const TICK_TENANT = 'ten_bench';

/** The event of the lag benchmarks. */
export const tick = defineEvent('probe.tick-told.v1', { summary: 'A tick.', subject: (data) => data.subject }, z.object({ subject: z.string(), n: z.int() }));
