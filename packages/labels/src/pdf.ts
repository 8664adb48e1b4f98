import { setImmediate } from 'node:timers/promises';
import PDFDocument from 'pdfkit';
import { compose, type Mark } from './compose.js';
import { fontOf } from './fonts.js';
import type { Label } from './label.js';
import type { Logo } from './logo.js';
import { DOTS_PER_MM, LABEL_SIZES } from './sizes.js';

const POINTS = 72 / 25.4;
type Document = InstanceType<typeof PDFDocument>;
type Image = Parameters<Document['image']>[0];

/**
 * Labels as one PDF, a page each, in their order. Text stays text, in a font that is embedded with the signs that are
 * used. @throws LabelError `BARCODE_INVALID`
 */
export async function labelPdf(labels: readonly Label[], { compress = true }: { readonly compress?: boolean } = {}): Promise<Buffer> {
  const document = new PDFDocument({ autoFirstPage: false, compress, info: { Title: 'Waybills', Producer: 'quanyu', Creator: 'quanyu' } });
  const chunks: Buffer[] = [];
  const done = new Promise<void>((resolve, reject) => { document.on('data', (chunk: Buffer) => chunks.push(chunk)).once('end', resolve).once('error', reject); });
  document.registerFont('regular', fontOf('regular').file).registerFont('bold', fontOf('bold').file);
  const logos = new Map<Logo, Image>();
  for (const label of labels) {
    const { width, height } = LABEL_SIZES[label.template.size];
    document.addPage({ size: [width * POINTS, height * POINTS], margin: 0 });
    for (const mark of compose(label)) draw(document, mark, logos);
    // Others in this process wait for one label, not for a batch.
    await setImmediate();
  }
  document.end();
  await done;
  return Buffer.concat(chunks);
}

function draw(document: Document, mark: Mark, logos: Map<Logo, Image>): void {
  const { x, y } = mark;
  switch (mark.kind) {
    case 'text':
      document.font(mark.weight).fontSize(mark.size * POINTS).text(mark.text, x * POINTS, y * POINTS, { lineBreak: false, baseline: 'alphabetic' });
      return;
    case 'box':
      document.rect(x * POINTS, y * POINTS, mark.width * POINTS, mark.height * POINTS).fill('black');
      return;
    case 'barcode': {
      const step = (mark.dots / DOTS_PER_MM) * POINTS;
      for (const bar of mark.bars) document.rect(x * POINTS + bar.x * step, y * POINTS, bar.width * step, mark.height * POINTS);
      document.fill('black');
      return;
    }
    case 'logo': {
      // The picture goes into the document once, however many labels show it.
      const image = logos.get(mark.logo) ?? (document as unknown as { openImage(source: Buffer): Image }).openImage(mark.logo.png);
      logos.set(mark.logo, image);
      document.image(image, x * POINTS, y * POINTS, { width: mark.width * POINTS, height: mark.height * POINTS });
    }
  }
}
