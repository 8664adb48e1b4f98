/** A platform's codes, fit for a log: whatever has another form, or could quote what we sent, is left out. */
export const platformCodeOf = (...codes: readonly (string | undefined)[]): string => codes.filter((code) => code !== undefined && /^[\w.:-]{1,80}$/.test(code)).join(' ');
