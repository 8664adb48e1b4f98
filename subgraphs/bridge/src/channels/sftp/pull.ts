import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { stringify } from 'csv-stringify/sync';
import { PlatformError } from '../../outbound/platform-error.js';
import type { RemoteFile, RemoteFiles } from '../../outbound/remote-files.js';
import type { Account, ClientContext, OrderPage, PulledOrder } from '../connector.js';
import { columnNames } from './columns.js';
import { folderOf, loginOf } from './login.js';
import { draftsOf, type Draft, type Fault } from './orders-of-file.js';
import { MOST_BYTES, rowsOf } from './rows.js';
import { toOrder } from './to-order.js';

// A file is read, what it holds is kept by us, and only then is it moved away: a kill in between has it read once more, and
// nothing is kept twice since each order is known by its id and time.

/** Orders of a page; files are read until there are so many. */
const PAGE = 500;
const MOST_FILES = 50;
const TAKEN = /\.(csv|jsonl|ndjson)$/i;
/** What is hidden or has these endings is somebody's draft. */
const DRAFT = /^\.|\.(part|tmp|filepart|partial|crdownload)$|~$/i;
/** Letters, figures and the usual marks: a name is a path there, and stands in what people read here. */
const HARMLESS = /^[\p{L}\p{N}][\p{L}\p{N}_. ()+@#-]{0,150}$/u;
/** Of one file; all of them stand in the list that is put beside it. */
const MOST_TOLD = 100;
const NOBODY = { seal: () => '', index: () => '' };

/** A file that has been read to its end, as it was then. */
interface Read { readonly file: RemoteFile; readonly sum: string; readonly faults: readonly Fault[]; /** None of it was taken. */ readonly refused: boolean }
/** Behind which order of which file a page begins; without a sum, behind the whole file. */
interface Place { readonly name: string; readonly sum: string; readonly at: number }

/** The orders of files that wait, in the order of the files' names. */
export async function pullWaiting(context: ClientContext, page: string | null): Promise<OrderPage> {
  const login = loginOf(context.account);
  return context.line.files(login, true, async (files) => {
    const place = placeOf(page);
    const isBehind = ({ name }: RemoteFile): boolean => name > place.name || (name === place.name && place.sum !== '');
    const waiting = (await settled(context, files)).filter(isBehind);
    const orders: PulledOrder[] = [];
    const read: Read[] = [];
    let next: string | null = null;
    for (const [count, file] of waiting.entries()) {
      if (orders.length >= PAGE || count >= MOST_FILES) break;
      const found = await readFile(context, files, file);
      if (found === null) continue;
      // Another file under the name of the one that we had begun is read from its beginning.
      const from = place.name === file.name && place.sum === found.sum ? place.at : 0;
      const taken = found.orders.slice(from, from + PAGE);
      orders.push(...taken);
      const end = from + taken.length;
      if (end < found.orders.length) { next = JSON.stringify([file.name, found.sum, end]); break; }
      read.push(found);
      next = file.name === waiting.at(-1)?.name ? null : JSON.stringify([file.name, '', 0]);
    }
    return { orders, next, acknowledge: () => (read.length === 0 ? Promise.resolve() : context.line.files(login, true, (again) => putAway(context.account, again, read))) };
  });
}

function placeOf(page: string | null): Place {
  const [name, sum, at] = JSON.parse(page ?? '["","",0]') as [string, string, number];
  return { name, sum, at };
}

/** Files of orders that stand still. Looked at twice: one that grows meanwhile is somebody's who still writes. */
async function settled({ account }: ClientContext, files: RemoteFiles): Promise<readonly RemoteFile[]> {
  const folder = folderOf(account, 'orders');
  const suffix = account.settings['doneSuffix'] ?? '';
  const first = await files.list(folder);
  const wanted = first.filter(({ name }) => TAKEN.test(name) && !DRAFT.test(name));
  const byName = (a: RemoteFile, b: RemoteFile): number => (a.name < b.name ? -1 : 1);
  if (wanted.length === 0) return [];
  if (suffix !== '') {
    const done = new Set(first.map(({ name }) => name));
    return wanted.filter(({ name }) => done.has(`${name}${suffix}`)).sort(byName);
  }
  await wait(1_000 * Number(account.settings['settleSeconds'] ?? 5));
  const second = new Map((await files.list(folder)).map((file) => [file.name, file]));
  return wanted.filter((file) => isSame(file, second.get(file.name))).sort(byName);
}

const isSame = (a: Pick<RemoteFile, 'bytes' | 'changedAt'>, b: Pick<RemoteFile, 'bytes' | 'changedAt'> | null | undefined): boolean => b !== null && b !== undefined && a.bytes === b.bytes && a.changedAt.getTime() === b.changedAt.getTime();

/** What a file holds; null where it has gone or changed while it was read. */
async function readFile({ account }: ClientContext, files: RemoteFiles, file: RemoteFile): Promise<(Read & { readonly orders: readonly PulledOrder[] }) | null> {
  const path = `${folderOf(account, 'orders')}/${file.name}`;
  // A name that no file should have is told, and the file stays where it is: it is no path that we would use.
  if (!HARMLESS.test(file.name)) return result(account, file, '0'.repeat(16), [], [{ line: 0, fault: 'NAME_NOT_ALLOWED' }]);
  const bytes = file.bytes > MOST_BYTES ? null : await files.read(path, MOST_BYTES).catch((error: unknown) => {
    if (error instanceof PlatformError && error.code === 'NOT_FOUND') return undefined;
    throw error;
  });
  if (bytes === undefined || !isSame(file, await files.find(path))) return null;
  if (bytes === null) return result(account, file, `${file.bytes}`, [], [{ line: 0, fault: 'TOO_LARGE' }]);
  const sum = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
  // It may have been put there once more, byte for byte: then it is known, and only moved away.
  if (await files.find(`${folderOf(account, 'archive')}/${archived(file.name, sum)}`) !== null) return { file, sum, faults: [], refused: false, orders: [] };
  const rows = rowsOf(file.name, bytes, { delimiter: account.settings['delimiter'] === 'TAB' ? '\t' : account.settings['delimiter'] ?? ',', nameOf: columnNames(account.settings['columns'] ?? '') });
  if ('fault' in rows) return result(account, file, sum, [], [rows]);
  const { drafts, faults } = draftsOf(rows.rows);
  return result(account, file, sum, drafts, faults);
}

const archived = (name: string, sum: string): string => `${sum}-${name}`;

function result({ settings }: Account, file: RemoteFile, sum: string, drafts: readonly Draft[], faults: readonly Fault[]): Read & { readonly orders: readonly PulledOrder[] } {
  const name = HARMLESS.test(file.name) ? file.name : 'file';
  const shared = { file: name, changedAt: file.changedAt.toISOString(), offset: settings['utcOffset'] ?? '+08:00' };
  const bad: Fault[] = [...faults];
  const orders = drafts.flatMap(({ line, order, lines }): PulledOrder[] => {
    const body = { ...shared, line: String(line), order: { currency: settings['currency'] ?? 'CNY', ...order }, lines };
    const told = toOrder(JSON.parse(JSON.stringify(body), (_key, value: unknown) => (typeof value === 'number' ? String(value) : value)), { cancelled: false, triggeredAt: null, privacy: NOBODY });
    if (told.kind === 'order') return [{ externalOrderId: told.data.externalOrderId, updatedAt: new Date(told.data.updatedAt), body: JSON.stringify(body) }];
    const [, at = String(line), fault = told.reason] = /:(\d+) (.+)$/.exec(told.path) ?? [];
    bad.push({ line: Number(at), fault });
    return [];
  });
  bad.sort((a, b) => a.line - b.line);
  const told = bad.length <= MOST_TOLD ? bad : [...bad.slice(0, MOST_TOLD), { line: bad[MOST_TOLD]!.line, fault: `AND_${bad.length - MOST_TOLD}_MORE` }];
  // Under keys of their own, so that an order may come again, mended, with the same time.
  const reports = told.map(({ line, fault }): PulledOrder => ({ externalOrderId: `${name}:${line}:${sum}`, updatedAt: file.changedAt, body: JSON.stringify({ ...shared, line: String(line), fault }) }));
  return { file, sum, faults: bad, refused: orders.length === 0 && bad.length > 0, orders: [...orders, ...reports] };
}

/** Moves files away that we have kept, beside them a list of what was wrong in them. */
async function putAway(account: Account, files: RemoteFiles, read: readonly Read[]): Promise<void> {
  const [orders, archive, rejected] = [folderOf(account, 'orders'), folderOf(account, 'archive'), folderOf(account, 'rejected')];
  const suffix = account.settings['doneSuffix'] ?? '';
  await files.make(archive);
  if (read.some(({ faults }) => faults.length > 0)) await files.make(rejected);
  for (const { file, sum, faults, refused } of read) {
    if (!HARMLESS.test(file.name)) continue;
    const [from, name] = [`${orders}/${file.name}`, archived(file.name, sum)];
    if (faults.length > 0) await files.put(rejected, `${name}.errors.csv`, Buffer.from(stringify([['line', 'error'], ...faults.map(({ line, fault }) => [line, fault])])));
    // Another one under this name by now is left to be read.
    if (!isSame(file, await files.find(from))) continue;
    const to = `${refused ? rejected : archive}/${name}`;
    if (await files.find(to) === null) await files.move(from, to);
    else await files.remove(from);
    if (suffix !== '') await files.remove(`${from}${suffix}`).catch(() => undefined);
  }
}
