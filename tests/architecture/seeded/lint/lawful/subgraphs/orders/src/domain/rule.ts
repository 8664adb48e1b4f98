import type { Id } from '@quanyu/ids';

export const until = (from: Date, minutes: number): Date => new Date(from.getTime() + minutes * 60_000);
export const same = (a: Id<'ord'>, _b: unknown): boolean => a === 'ord_1';
