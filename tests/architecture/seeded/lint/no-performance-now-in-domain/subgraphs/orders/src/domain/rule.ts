export const placedAt = (): number => performance.now();
