import { z } from 'zod';
import { decodeLogo } from './logo.js';
import { LabelError } from './label-error.js';
import { LABEL_SIZES, type LabelSize } from './sizes.js';

/** What a label can show of a waybill. */
export const LABEL_FIELDS = [
  'carrier', 'trackingNumber', 'routeCode', 'sortingCode', 'receiverName', 'receiverPhone', 'receiverAddress', 'senderName', 'senderPhone', 'senderAddress', 'orderNumber', 'goods', 'weight', 'part', 'date', 'slogan',
] as const;
/** One of {@link LABEL_FIELDS}. */
export type LabelField = (typeof LABEL_FIELDS)[number];

const LONGEST_SLOGAN = 60;
const MOST_ELEMENTS = 60;
const MOST_LOGO_TEXT = 200_000;
/** Narrower or lower ones are not read by scanners on a belt. */
const BARCODE_AT_LEAST = { width: 40, height: 8 };

const mm = z.number().finite().min(0).max(300);
const place = { x: mm, y: mm };
const element = z.discriminatedUnion('kind', [
  /** A field, with words before it. Its text is broken into lines, and made smaller where it does not fit. */
  z.object({ kind: z.literal('field'), field: z.enum(LABEL_FIELDS), before: z.string().max(20).default(''), ...place, width: mm, height: mm, size: z.number().min(1.5).max(20), bold: z.boolean().default(false), align: z.enum(['left', 'center', 'right']).default('left') }),
  z.object({ kind: z.literal('text'), text: z.string().min(1).max(100), ...place, width: mm, height: mm, size: z.number().min(1.5).max(20), bold: z.boolean().default(false), align: z.enum(['left', 'center', 'right']).default('left') }),
  /** The tracking number as Code 128. */
  z.object({ kind: z.literal('barcode'), ...place, width: mm, height: mm }),
  z.object({ kind: z.literal('line'), ...place, width: mm, height: mm, thick: z.number().min(0.125).max(2).default(0.25) }),
  z.object({ kind: z.literal('logo'), ...place, width: mm, height: mm }),
]);
const template = z.object({
  size: z.enum(Object.keys(LABEL_SIZES) as [LabelSize, ...LabelSize[]]),
  elements: z.array(element).min(1).max(MOST_ELEMENTS),
  slogan: z.string().max(LONGEST_SLOGAN).default(''),
  /** A PNG in base64; black is printed. */
  logo: z.string().max(MOST_LOGO_TEXT).nullable().default(null),
});

/** One thing on a label; places and sizes in millimetres from the upper left corner. */
export type LabelElement = z.output<typeof element>;
/** How labels look: data, so that a person can change it without us. */
export type LabelTemplate = z.output<typeof template>;

/** Reads a template that came from outside. @throws LabelError `TEMPLATE_INVALID` with the path, or `LOGO_INVALID` */
export function parseTemplate(input: unknown): LabelTemplate {
  const read = template.safeParse(input);
  if (!read.success) throw new LabelError('TEMPLATE_INVALID', read.error.issues[0]?.path.join('.') || 'template');
  const { size, elements, logo } = read.data;
  const page = LABEL_SIZES[size];
  for (const [at, { kind, x, y, width, height }] of elements.entries()) {
    if (x + width > page.width || y + height > page.height) throw new LabelError('TEMPLATE_INVALID', `elements.${at}`);
    if (kind === 'barcode' && (width < BARCODE_AT_LEAST.width || height < BARCODE_AT_LEAST.height)) throw new LabelError('TEMPLATE_INVALID', `elements.${at}`);
  }
  // A label that no scanner can read sends nothing.
  if (!elements.some(({ kind }) => kind === 'barcode')) throw new LabelError('TEMPLATE_INVALID', 'elements');
  if (logo !== null) decodeLogo(logo);
  return read.data;
}

/** The layout that is used where nobody has made another: sized with its page, so one description serves both papers. */
export function standardTemplate(size: LabelSize, own: { readonly slogan?: string; readonly logo?: string | null } = {}): LabelTemplate {
  const { width, height } = LABEL_SIZES[size];
  const [inset, row] = [3, height / 13];
  const full = width - 2 * inset;
  const line = (y: number): object => ({ kind: 'line', x: inset, y, width: full, height: 0.25 });
  const field = (name: LabelField, y: number, rows: number, more: object): object => ({ kind: 'field', field: name, x: inset, y, width: full, height: rows * row - 1, size: 3, ...more });
  return parseTemplate({
    size, slogan: own.slogan ?? '', logo: own.logo ?? null,
    elements: [
      { kind: 'logo', x: inset, y: 2, width: full / 3, height: row - 2 },
      field('carrier', 2, 1, { x: inset + full / 3, width: (full * 2) / 3, size: 5, bold: true, align: 'right' }),
      line(row + 1),
      field('routeCode', row + 2, 1.5, { size: 9, bold: true, align: 'center' }),
      field('sortingCode', 2.5 * row + 1, 0.7, { size: 4, bold: true, align: 'center' }),
      line(3.2 * row + 1),
      { kind: 'text', text: '收', x: inset, y: 3.3 * row + 2, width: 6, height: 6, size: 5, bold: true },
      field('receiverName', 3.3 * row + 2, 0.8, { x: inset + 7, width: full / 2 - 7, size: 4, bold: true }),
      field('receiverPhone', 3.3 * row + 2, 0.8, { x: inset + full / 2, width: full / 2, size: 4, bold: true, align: 'right' }),
      field('receiverAddress', 4.1 * row + 2, 1.7, { x: inset + 7, width: full - 7, size: 3.6, bold: true }),
      line(5.8 * row + 2),
      { kind: 'text', text: '寄', x: inset, y: 5.9 * row + 2, width: 6, height: 5, size: 3.6, bold: true },
      field('senderName', 5.9 * row + 2, 0.5, { x: inset + 7, width: full / 2 - 7, size: 2.8 }),
      field('senderPhone', 5.9 * row + 2, 0.5, { x: inset + full / 2, width: full / 2, size: 2.8, align: 'right' }),
      field('senderAddress', 6.4 * row + 2, 0.8, { x: inset + 7, width: full - 7, size: 2.6 }),
      line(7.2 * row + 2),
      { kind: 'barcode', x: inset, y: 7.3 * row + 3, width: full, height: 1.5 * row },
      field('trackingNumber', 8.8 * row + 3.5, 0.7, { size: 4.5, bold: true, align: 'center' }),
      line(9.6 * row + 2),
      field('orderNumber', 9.7 * row + 2, 0.5, { before: '订单 ', width: full * 0.7, size: 2.8 }),
      field('part', 9.7 * row + 2, 0.5, { x: inset + full * 0.7, width: full * 0.3, size: 2.8, align: 'right' }),
      field('goods', 10.2 * row + 2, 1.1, { size: 2.8 }),
      field('weight', 11.3 * row + 2, 0.5, { width: full / 2, size: 2.6 }),
      field('date', 11.3 * row + 2, 0.5, { x: inset + full / 2, width: full / 2, size: 2.6, align: 'right' }),
      field('slogan', 11.9 * row + 2, 0.9, { size: 3.6, bold: true, align: 'center' }),
    ],
  });
}
