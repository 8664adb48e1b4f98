/** The papers that thermal printers of parcels hold, in millimetres. */
export const LABEL_SIZES = {
  '76x130': { width: 76, height: 130 },
  '100x180': { width: 100, height: 180 },
} as const;

/** One of {@link LABEL_SIZES}. */
export type LabelSize = keyof typeof LABEL_SIZES;

/** Dots of a print head on a millimetre: 203 dpi, which every such printer has. */
export const DOTS_PER_MM = 8;
