const add = (a: number, b: number): number => a + b;
export { add as default };
