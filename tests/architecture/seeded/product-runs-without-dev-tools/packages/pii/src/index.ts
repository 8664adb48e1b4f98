import { seal } from 'declared-for-development';

export const sealed = seal;
