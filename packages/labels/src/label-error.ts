/** Why a template or a label cannot be used. */
export type LabelErrorCode =
  /** Not of the template's shape, or outside of its page; `path` says where. */
  | 'TEMPLATE_INVALID'
  /** The logo is no PNG, or too large. */
  | 'LOGO_INVALID'
  /** The number does not fit its barcode, or has signs that a barcode lacks. */
  | 'BARCODE_INVALID';

/** A label that cannot be made; the message holds no personal data. */
export class LabelError extends Error {
  override readonly name = 'LabelError';

  constructor(readonly code: LabelErrorCode, readonly path = '') {
    super(path === '' ? code : `${code} ${path}`);
  }
}
