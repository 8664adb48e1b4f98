import { createHash, randomBytes } from 'node:crypto';
import { stringify } from 'csv-stringify/sync';
import iconv from 'iconv-lite';
import type { ClientContext, Parcel, StockSet, StockToSet } from '../connector.js';
import type { RemoteFiles } from '../../outbound/remote-files.js';
import { folderOf, loginOf } from './login.js';

type Cells = readonly (string | number)[];

const PLAIN = /^[A-Za-z0-9-]{1,60}$/;
/** What an order is called in a file's name: as it is, where that is harmless. */
const fileName = (text: string): string => (PLAIN.test(text) ? text : createHash('sha256').update(text).digest('hex').slice(0, 24));

const TRACKING: Cells = ['order_id', 'tracking_number', 'carrier', 'shipped_at', 'tracking_url', 'line_id', 'quantity', 'service'];

/** A file of one parcel, under a name of its order and number: written again it is the same one. */
export function tellTracking(context: ClientContext, { externalOrderId, trackingNumber, carrier, shippedAt, trackingUrl, service = null, lines }: Parcel): Promise<'WRITTEN' | 'ALREADY_THERE'> {
  const parcel: Cells = [externalOrderId, trackingNumber, carrier, shippedAt?.toISOString() ?? '', trackingUrl ?? ''];
  // A row without a line is all that was left.
  const rows = lines === null ? [[...parcel, '', '', service ?? '']] : lines.map(({ externalLineId, quantity }) => [...parcel, externalLineId, quantity, service ?? '']);
  return context.line.files(loginOf(context.account), true, (files) =>
    put(context, files, folderOf(context.account, 'tracking'), `tracking-${fileName(externalOrderId)}-${fileName(trackingNumber)}.csv`, [TRACKING, ...rows]));
}

/**
 * A file of what changed. Its name is its time, later than of any that is there: read in the order of their names, the last
 * figure of a SKU stands. Which SKUs are known there, nobody says.
 */
export async function tellStock(context: ClientContext, levels: readonly StockToSet[]): Promise<readonly StockSet[]> {
  if (levels.length === 0) return [];
  const folder = folderOf(context.account, 'stock');
  const mark = randomBytes(4).toString('hex');
  let name: string | null = null;
  await context.line.files(loginOf(context.account), true, async (files) => {
    // Kept over tries: an answer that got lost leaves one file, not two.
    name ??= `stock-${stamp(await timeAfter(files, folder, context.now()))}-${mark}.csv`;
    await put(context, files, folder, name, [['sku', 'quantity'], ...levels.map(({ externalSku, quantity }) => [externalSku, quantity])]);
  });
  return levels.map(({ externalSku }) => ({ externalSku, result: 'SET' }));
}

const STOCK_NAME = /^stock-(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})(\d{3})Z-[0-9a-f]{8}\.csv$/;
const stamp = (at: Date): string => at.toISOString().replaceAll(/[-:.]/g, '');

/** Now, or the next instant after the newest file there: our clock may have been set back. */
async function timeAfter(files: RemoteFiles, folder: string, now: Date): Promise<Date> {
  const times = (await files.list(folder)).flatMap(({ name }) => {
    const [, year, month, day, hours, minutes, seconds, ms] = STOCK_NAME.exec(name) ?? [];
    return year === undefined ? [] : [Date.parse(`${year}-${month}-${day}T${hours}:${minutes}:${seconds}.${ms}Z`)];
  }).filter((time) => time < now.getTime() + MOST_AHEAD_MS);
  return new Date(times.reduce((latest, time) => Math.max(latest, time + 1), now.getTime()));
}
/** What somebody has put there under a time to come would have us write into the future for ever. */
const MOST_AHEAD_MS = 86_400_000;

async function put({ account: { settings } }: ClientContext, files: RemoteFiles, folder: string, name: string, table: readonly Cells[]): Promise<'WRITTEN' | 'ALREADY_THERE'> {
  const result = await files.put(folder, name, encode(stringify(table as Cells[], { delimiter: settings['delimiter'] === 'TAB' ? '\t' : settings['delimiter'] ?? ',' }), settings['encoding']));
  if (settings['doneSuffix']) await files.put(folder, `${name}${settings['doneSuffix']}`, Buffer.alloc(0));
  return result;
}

const encode = (text: string, encoding: string | undefined): Buffer => (encoding === 'GB18030' ? iconv.encode(text, 'gb18030') : Buffer.from(encoding === 'UTF-8-BOM' ? `\ufeff${text}` : text));
