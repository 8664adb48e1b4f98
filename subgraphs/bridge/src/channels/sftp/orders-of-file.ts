import { LINE_COLUMNS, ORDER_COLUMNS, type Column } from './columns.js';
import type { Row } from './rows.js';

// Rows of one order belong together, wherever they stand; an order with a row that cannot be read is not taken in part.

const [FIRST] = ORDER_COLUMNS;

export interface DraftLine { readonly row: number; readonly [column: string]: string | number }
/** An order as a file tells it, in texts. */
export interface Draft { readonly line: number; readonly order: Readonly<Partial<Record<Column, string>>>; readonly lines: readonly DraftLine[] }
/** What is wrong, and in which line. */
export interface Fault { readonly line: number; readonly fault: string }

/** The orders of a file's rows, and what is wrong with the others; each order is in one of the two. */
export function draftsOf(rows: readonly Row[]): { readonly drafts: readonly Draft[]; readonly faults: readonly Fault[] } {
  const drafts = new Map<string, { line: number; order: Partial<Record<Column, string>>; lines: DraftLine[] }>();
  const refused = new Map<string, Fault>();
  const faults: Fault[] = [];
  let before: string | undefined;
  for (const { line, cells, fault, whole } of rows) {
    const id = cells[FIRST];
    if (id === undefined) {
      faults.push({ line, fault: fault ?? FIRST });
      // It may be the rest of the order before it.
      if (whole === undefined && before !== undefined && !refused.has(before)) refused.set(before, { line: drafts.get(before)!.line, fault: `FOLLOWED_BY_LINE_${line}` });
      continue;
    }
    before = id;
    const draft = drafts.get(id) ?? { line, order: {}, lines: [] };
    drafts.set(id, draft);
    const isTwice = whole === true && draft.line !== line;
    const differing = ORDER_COLUMNS.find((column) => cells[column] !== undefined && draft.order[column] !== undefined && draft.order[column] !== cells[column]);
    const wrong = fault ?? (isTwice ? 'TWICE' : differing === undefined ? null : `DIFFERS ${differing}`);
    if (wrong !== null && !refused.has(id)) refused.set(id, { line, fault: wrong });
    for (const column of ORDER_COLUMNS) if (cells[column] !== undefined) draft.order[column] = cells[column];
    draft.lines.push({ row: line, ...Object.fromEntries(LINE_COLUMNS.flatMap((column) => (cells[column] === undefined ? [] : [[column, cells[column]]]))) });
  }
  return { drafts: [...drafts].filter(([id]) => !refused.has(id)).map(([, draft]) => draft), faults: [...faults, ...refused.values()] };
}
