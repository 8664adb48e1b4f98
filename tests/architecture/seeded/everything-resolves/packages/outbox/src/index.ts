import { parse } from '@quanyu/events/src/parse.js';

export const consume = parse;
