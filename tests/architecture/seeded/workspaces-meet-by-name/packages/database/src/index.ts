import { log } from '../../telemetry/src/index.js';

export const database = log;
