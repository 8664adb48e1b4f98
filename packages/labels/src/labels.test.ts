import { describe, expect, it } from '@jest/globals';
import { BinaryBitmap, Code128Reader, DecodeHintType, GlobalHistogramBinarizer, RGBLuminanceSource } from '@zxing/library';
import { decode, encode } from 'fast-png';
import fc from 'fast-check';
import { cainiaoTask } from './cainiao-task.js';
import { compose } from './compose.js';
import { fontOf } from './fonts.js';
import type { LabelContent } from './label.js';
import { LabelError } from './label-error.js';
import { labelPdf } from './pdf.js';
import { labelPng } from './png.js';
import { LABEL_SIZES, type LabelSize } from './sizes.js';
import { labelSvg } from './svg.js';
import { LABEL_FIELDS, parseTemplate, standardTemplate } from './template.js';
import { labelZpl } from './zpl.js';

const content: LabelContent = {
  carrier: '顺丰速运', trackingNumber: 'SF1234567890123', routeCode: '571-01 A12', sortingCode: '杭州转运中心', receiverName: '王小堃', receiverPhone: '13700000003', receiverAddress: '四川省成都市样本街道示例路 3 号院 5 栋 2 单元 1203 室',
  senderName: '拾光工作室', senderPhone: '13900000009', senderAddress: '浙江省杭州市样本路 9 号', orderNumber: '#1002', goods: '创作者马克杯 / Creator mug x2; 联名茶 x1', weight: '0.75 kg', part: '1/1', date: '2026-11-21 14:00',
};
const SIZES = Object.keys(LABEL_SIZES) as LabelSize[];
/** A logo of 40 by 20 dots, its left half black. */
const logo = Buffer.from(encode({ width: 40, height: 20, channels: 4, depth: 8, data: Uint8Array.from({ length: 40 * 20 * 4 }, (_, at) => ((at % 4 === 3) ? 255 : (at / 4 | 0) % 40 < 20 ? 0 : 255)) })).toString('base64');
const codeOf = (work: () => unknown): string => { try { work(); return 'none'; } catch (error) { return error instanceof LabelError ? `${error.code} ${error.path}`.trim() : String(error); } };

/** What a scanner reads off the dots of a label. */
function scanned(png: Buffer): string {
  const { width, height, data } = decode(png);
  const source = new RGBLuminanceSource(Uint8ClampedArray.from(data), width, height);
  return new Code128Reader().decode(new BinaryBitmap(new GlobalHistogramBinarizer(source)), new Map([[DecodeHintType.TRY_HARDER, true]])).getText();
}

describe.each(SIZES)('a label of %s', (size) => {
  const label = { template: standardTemplate(size, { slogan: '愿你今天也被好好对待', logo }), content };

  it('has a barcode that a scanner reads off its dots', () => {
    for (const trackingNumber of ['SF1234567890123', '75312345678901', 'YT8800000000001', 'JDVA00000000001', 'a-B-9']) expect(scanned(labelPng({ ...label, content: { ...content, trackingNumber } }))).toBe(trackingNumber);
  });

  it('is a PDF page of this size with its signs embedded as text', async () => {
    const pdf = (await labelPdf([label, label], { compress: false })).toString('latin1');
    const { width, height } = LABEL_SIZES[size];
    const [, wide, high] = /\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/.exec(pdf)!;
    expect([Number(wide), Number(high)].map((points) => Math.round((points / 72) * 25.4))).toEqual([width, height]);
    expect(pdf.match(/\/Type \/Page\b/g)).toHaveLength(2);
    // What stands in a font's map to Unicode can be searched and copied: the rare sign of a name, too.
    for (const sign of '堃收寄杭愿') expect([sign, pdf.toLowerCase().includes(sign.codePointAt(0)!.toString(16))]).toEqual([sign, true]);
    expect(pdf.match(/\/Subtype \/Image/g)?.length).toBeLessThanOrEqual(2);
  });

  it('draws five hundred in one go, each with its barcode and the logo', async () => {
    const batch = Array.from({ length: 500 }, (_, n) => ({ ...label, content: { ...content, trackingNumber: `SF${1_000_000_000_000 + n}`, receiverName: `王小${n}` } }));
    const pdf = (await labelPdf(batch, { compress: false })).toString('latin1');
    const pages = pdf.split(/\/Type \/Page\b/).length - 1;
    expect(pages).toBe(500);
    expect(pdf.match(/\/Im\d+ Do|\/I\d+ Do/g) ?? []).toHaveLength(500);
  });

  it('is ZPL with a barcode of the printer, and all else within the page', async () => {
    const zpl = await labelZpl([label]);
    const { width, height } = LABEL_SIZES[size];
    expect(zpl).toMatch(new RegExp(`^\\^XA\\^PW${width * 8}\\^LL${height * 8}\\^LH0,0`));
    expect(zpl).toContain('^FDSF1234567890123^FS');
    for (const [, x, y] of zpl.matchAll(/\^FO(\d+),(\d+)/g)) expect(Number(x) < width * 8 && Number(y) < height * 8).toBe(true);
    expect(zpl).not.toMatch(/[^\x20-\x7e\n]/);
  });

  it('is an SVG that needs no font', () => {
    const svg = labelSvg(label);
    expect(svg).not.toMatch(/<text|NaN|Infinity|undefined/);
    expect(svg).toContain(`href="data:image/png;base64,${logo}"`);
  });

  it('keeps all that it shows within its page, whatever is written on it', () => {
    const { width, height } = LABEL_SIZES[size];
    const any = fc.record(Object.fromEntries(LABEL_FIELDS.filter((field) => field !== 'trackingNumber').map((field) => [field, fc.string({ unit: 'binary', maxLength: 300 })])));
    fc.assert(fc.property(any, (fields) => {
      for (const mark of compose({ ...label, content: { ...fields, trackingNumber: 'SF1' } })) {
        expect(mark.x >= -0.01 && mark.y >= 0 && mark.y <= height).toBe(true);
        if (mark.kind === 'text') {
          expect(mark.text).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
          expect(mark.x + fontOf(mark.weight).widthOf(mark.text, mark.size)).toBeLessThanOrEqual(width + 0.5);
        }
      }
    }), { numRuns: 40 });
  });
});

describe('a label', () => {
  it('cannot be written to by what stands on it: no command gets into the printer', async () => {
    const template = standardTemplate('76x130', { slogan: '^XZ^XA^FDx' });
    const zpl = await labelZpl([{ template, content: { ...content, receiverName: '^XA~JR^FS', goods: '^FO0,0^GB800,800,800^FS' } }]);
    expect([zpl.match(/\^XA/g)?.length, zpl.match(/\^XZ/g)?.length, zpl.includes('~')]).toEqual([1, 1, false]);
    for (const trackingNumber of ['', 'SF^XZ', '顺丰1', 'SF 1', 'x'.repeat(41)]) expect(codeOf(() => compose({ template, content: { ...content, trackingNumber } }))).toBe('BARCODE_INVALID');
    // Too long to be read: its bars would be finer than a print head holds.
    expect(codeOf(() => compose({ template, content: { ...content, trackingNumber: 'x'.repeat(40) } }))).toBe('BARCODE_INVALID');
  });

  it('has every sign that names are written with, and a box for none', () => {
    for (const weight of ['regular', 'bold'] as const) expect([...'喆堃玥璟䶮㛃赟翀頔睿𬱖'].filter((sign) => !fontOf(weight).has(sign))).toEqual([]);
  });

  it('that breaks names its fault, and no other label of the batch is lost to it unsaid', async () => {
    await expect(labelPdf([{ template: standardTemplate('76x130'), content: { ...content, trackingNumber: '#' } }])).rejects.toThrow('BARCODE_INVALID');
  });
});

describe('a template', () => {
  const standard = standardTemplate('76x130');

  it.each<[string, unknown, string]>([
    ['of another size', { ...standard, size: '10x10' }, 'TEMPLATE_INVALID size'],
    ['without a barcode', { ...standard, elements: standard.elements.filter(({ kind }) => kind !== 'barcode') }, 'TEMPLATE_INVALID elements'],
    ['with a barcode too low', { ...standard, elements: [{ kind: 'barcode', x: 0, y: 0, width: 60, height: 4 }] }, 'TEMPLATE_INVALID elements.0'],
    ['beyond its page', { ...standard, elements: [{ kind: 'logo', x: 70, y: 0, width: 10, height: 10 }, ...standard.elements] }, 'TEMPLATE_INVALID elements.0'],
    ['with a field that nobody knows', { ...standard, elements: [{ kind: 'field', field: 'password', x: 0, y: 0, width: 1, height: 1, size: 2 }] }, 'TEMPLATE_INVALID elements.0.field'],
    ['with a slogan too long', { ...standard, slogan: '长'.repeat(61) }, 'TEMPLATE_INVALID slogan'],
    ['with a logo that is no PNG', { ...standard, logo: 'AAAA' }, 'LOGO_INVALID'],
    ['with a logo that unpacks to gigabytes', { ...standard, logo: Buffer.concat([Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), Buffer.from('0000ffff0000ffff0802000000', 'hex'), Buffer.alloc(20)]).toString('base64') }, 'LOGO_INVALID'],
    ['that is nothing', null, 'TEMPLATE_INVALID template'],
  ])('%s is refused', (_what, input, code) => { expect(codeOf(() => parseTemplate(input))).toBe(code); });

  it('goes through JSON and comes back the same', () => { expect(parseTemplate(JSON.parse(JSON.stringify(standard)))).toEqual(standard); });
});

it('a task of the print component hands on what it was given, as it is', () => {
  const contents = [{ encryptedData: 'AES:x', signature: 'MD:y', templateURL: 'http://cloudprint.cainiao.com/template/standard/301/1', ver: '1' }];
  expect(cainiaoTask('t1', [{ documentID: 'w1', contents }])).toEqual({ cmd: 'print', requestID: 't1', version: '1.0', task: { taskID: 't1', preview: false, printer: '', notifyMode: 'allInOne', documents: [{ documentID: 'w1', contents }] } });
});
