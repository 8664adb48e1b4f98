// A reservation is named by its key: an order's id for orders, which manage their own, or any short text for others.

const LONGEST = 128;

export const isOrderKey = (key: string): boolean => key.startsWith('ord_');

/** Short, and without what is not a character or would look like another key. */
export const isSoundKey = (key: string): boolean => key.length > 0 && key.length <= LONGEST && !/[\p{Cc}\p{Cf}\p{Cs}]|^\s|\s$/u.test(key);
