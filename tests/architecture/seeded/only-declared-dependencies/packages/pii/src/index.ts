import { seal } from 'undeclared';

export const sealed = seal;
