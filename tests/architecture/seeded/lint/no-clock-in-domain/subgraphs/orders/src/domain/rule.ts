export const placedAt = (): Date => new Date();
