import { randomBytes } from 'node:crypto';

const FORM = /^[\x21-\x7e]{16,255}$/;

export const isWebhookSecret = (text: string): boolean => FORM.test(text);

/** 256 bits, in letters that survive any clipboard. */
export const newWebhookSecret = (): string => randomBytes(32).toString('hex');
