export type Id = string;
export const newId = (): Id => 'ord_1';
