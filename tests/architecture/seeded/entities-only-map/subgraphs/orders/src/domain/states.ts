export const firstState = (): string => 'RESERVING';
