export const newId = (): string => 'ord_1';
