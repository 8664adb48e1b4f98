export const reserve = (n: number): number => n;
