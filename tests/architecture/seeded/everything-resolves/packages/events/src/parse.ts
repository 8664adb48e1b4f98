export const parse = (text: string): unknown => JSON.parse(text);
