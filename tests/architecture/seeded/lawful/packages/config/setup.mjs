export const prepare = () => 'ready';
