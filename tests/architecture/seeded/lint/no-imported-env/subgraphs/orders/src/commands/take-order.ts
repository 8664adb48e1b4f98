import { env } from 'node:process';

export const region = env.REGION;
