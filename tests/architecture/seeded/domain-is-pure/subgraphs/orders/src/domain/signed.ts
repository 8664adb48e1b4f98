import { createHash } from 'node:crypto';

export const signed = (text: string): string => createHash('sha256').update(text).digest('hex');
