// A package is what a merchant has booked: an id of short words, whose meaning is the operator's own.

/** Whether a text can be the id of a package. */
export const isPackageId = (text: string): boolean => /^[a-z0-9][a-z0-9-]{0,39}$/.test(text);
