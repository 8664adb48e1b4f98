export const placedAt = (): string => Date();
