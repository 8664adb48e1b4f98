import { newId } from '@quanyu/ids';

export const graph = newId;
