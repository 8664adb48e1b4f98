export const takeOrder = 'taken';
