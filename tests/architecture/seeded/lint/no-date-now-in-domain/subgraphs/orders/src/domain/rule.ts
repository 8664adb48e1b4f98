export const placedAt = (): number => Date.now();
