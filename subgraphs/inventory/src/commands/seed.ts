import { newId, type Id, type IdPrefix } from '@quanyu/ids';

const NUMBER = 6;
const FIRST = 0x100000;

/** What `id_of` in SQL makes ids from: the suffix of an id of this moment without its last six characters, which it numbers. */
export const newSeed = (): string => newId('mov').slice('mov_'.length, -NUMBER);

/** The id that `id_of` in SQL makes of a seed and a number. */
export const idOf = <P extends IdPrefix>(prefix: P, seed: string, n: number): Id<P> => `${prefix}_${seed}${(FIRST + n).toString(16)}`;
