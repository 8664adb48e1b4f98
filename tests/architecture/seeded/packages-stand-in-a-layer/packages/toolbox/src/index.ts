import { newId } from '@quanyu/ids';

export const toolbox = newId;
