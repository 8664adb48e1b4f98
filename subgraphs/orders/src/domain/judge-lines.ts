// Lines as channels tell them: what cannot be sold is kept and flagged, so that nothing that was ordered is lost.

/** The most that a line can hold; more is a mistake of whoever told it. */
export const MOST_UNITS = 1_000_000;
/** What a column of whole numbers holds. */
const MOST_KEPT = 2 ** 31 - 1;

export interface LineFault { readonly code: 'NO_LINES' | 'BAD_QUANTITY'; readonly subjects: string[] }

export const isSellable = (quantity: number): boolean => Number.isInteger(quantity) && quantity >= 1 && quantity <= MOST_UNITS;

/** What is wrong with an order's lines, or null. Names the goods and what was asked of them. */
export function lineFault(lines: readonly { readonly externalSku: string; readonly quantity: number }[]): LineFault | null {
  if (lines.length === 0) return { code: 'NO_LINES', subjects: [] };
  const bad = lines.filter(({ quantity }) => !isSellable(quantity)).map(({ externalSku, quantity }) => `${externalSku} x ${quantity}`);
  return bad.length === 0 ? null : { code: 'BAD_QUANTITY', subjects: bad };
}

/** Lines as they can be kept, each under an id of its own: where a channel gave two of them one id, the later ones are told apart by their place. The table can refuse such a pair once no release is in use that writes one. */
export function distinctLines<Line extends { readonly externalLineId: string }>(lines: readonly Line[]): Line[] {
  const seen = new Map<string, number>();
  return lines.map((line) => {
    const place = (seen.get(line.externalLineId) ?? 0) + 1;
    seen.set(line.externalLineId, place);
    return place === 1 ? line : { ...line, externalLineId: `${line.externalLineId}#${place}` };
  });
}

/** As much of it as can be kept in a row; the exception's subject tells the whole. */
export const keptQuantity = (quantity: number): number => Math.max(-MOST_KEPT, Math.min(MOST_KEPT, quantity));
