import { newId } from '@quanyu/ids';

const NUMBER = 4;

/** What `id_of` in SQL makes ids from: the suffix of an id of this moment without its last four characters, which it numbers. */
export const newSeed = (): string => newId('mov').slice('mov_'.length, -NUMBER);
