// A title says something, in few enough characters for a list.

export const isTitle = (text: string): boolean => text.trim() !== '' && text.length <= 500;
