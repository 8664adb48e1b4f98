import { newId } from '@quanyu/ids';

export const named = (): string => newId();
