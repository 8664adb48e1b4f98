import type { EntityManager } from '@mikro-orm/postgresql';
import { afterCommit, databaseOf } from '@quanyu/database';
import { ringBell } from '@quanyu/outbox';
import type { ChangeReason } from '../../domain/movement-reasons.js';
import { currentCause } from '../cause.js';
import { newSeed } from '../seed.js';

/** A quantity that is added to (or taken from), or set to what was found. */
export type QuantityChange = { readonly by: number } | { readonly to: number };

interface Place { readonly skuId: string; readonly locationId: string; /** MAIN when not given. */ readonly bucket?: string }
interface Said {
  /** Refused with VERSION_CONFLICT when the level has another version. */
  readonly expectedVersion?: number | null;
  /** Compare-and-set: refused with ON_HAND_CHANGED when another quantity is on hand. */
  readonly expectedOnHand?: number | null;
  /** What it was done for: a stock take, a file, a row of an outside system. */
  readonly reference?: string | null;
  /** Who did it: a viewer's subject, or a job's name. */
  readonly actor?: string | null;
  readonly note?: string | null;
}

/** A change of one level. A level that is not there yet begins empty. */
export interface LevelChange extends Place, Said {
  readonly reason: ChangeReason;
  readonly onHand?: QuantityChange;
  readonly unavailable?: QuantityChange;
  readonly incoming?: QuantityChange;
  readonly allowance?: QuantityChange;
  /** Only a REPAIR may touch it: it follows from reservations. */
  readonly reserved?: QuantityChange;
}

/** Free units that move to another location or bucket of the same SKU. */
export interface StockTransfer extends Place, Said {
  readonly reason: 'TRANSFER';
  /** ALL: what is free when it is its turn. */
  readonly quantity: number | 'ALL';
  readonly to: { readonly locationId?: string; readonly bucket?: string };
}

export type StockChange = LevelChange | StockTransfer;

export type StockChangeRefusal = 'QUANTITY_INVALID' | 'BELOW_RESERVED' | 'NOT_ENOUGH_FREE' | 'VERSION_CONFLICT' | 'ON_HAND_CHANGED' | 'LOCATION_UNKNOWN';

export type StockChanged =
  | { readonly kind: 'changed'; readonly stockLevelId: string; readonly toStockLevelId: string | null; readonly version: number; readonly deficit: number }
  | { readonly kind: 'refused'; readonly code: StockChangeRefusal; readonly field: string };

interface Answer { stockLevelId?: string; toStockLevelId?: string; version?: number; deficit?: number; refused?: StockChangeRefusal; field?: string }

const isWhole = (value: number | 'ALL' | undefined): boolean => value === undefined || value === 'ALL' || Number.isSafeInteger(value);
const amountOf = (change: QuantityChange | undefined): number | undefined => (change === undefined ? undefined : 'by' in change ? change.by : change.to);
const fieldOfFraction = (change: StockChange): string | undefined =>
  ('to' in change
    ? [['quantity', change.quantity] as const]
    : (['onHand', 'unavailable', 'incoming', 'allowance', 'reserved'] as const).map((field) => [field, amountOf(change[field])] as const)
  ).find(([, value]) => !isWhole(value))?.[0];

/**
 * Changes levels, each with its movement, in the transaction of `em`: the only way besides reservations. Each change is
 * judged by itself, in the order given; refused ones change nothing and the others stand. Locks the levels of all
 * changes at once, in the engine's order, so one call a transaction never meets another in a deadlock.
 */
export async function changeStock(em: EntityManager, request: { readonly tenantId: string; readonly changes: readonly StockChange[] }): Promise<StockChanged[]> {
  const fractions = request.changes.map(fieldOfFraction);
  const sound = request.changes.filter((_, n) => fractions[n] === undefined);
  const answers = sound.length === 0 ? [] : await change(em, request.tenantId, sound);
  return fractions.map((field): StockChanged => {
    if (field !== undefined) return { kind: 'refused', code: 'QUANTITY_INVALID', field };
    const { stockLevelId, toStockLevelId, version, deficit, refused, field: about } = answers.shift()!;
    if (refused !== undefined) return { kind: 'refused', code: refused, field: about! };
    return { kind: 'changed', stockLevelId: stockLevelId!, toStockLevelId: toStockLevelId ?? null, version: version!, deficit: deficit! };
  });
}

async function change(em: EntityManager, tenantId: string, changes: readonly StockChange[]): Promise<Answer[]> {
  const { correlationId, cause } = currentCause();
  const [row] = await em.execute<{ answers: Answer[]; xid: string | null }[]>(
    'select change_stock(?, ?, ?::jsonb, ?, ?) as answers, pg_current_xact_id_if_assigned()::text as xid',
    [newSeed(), tenantId, JSON.stringify(changes), correlationId, cause]);
  const xid = row!.xid;
  if (xid !== null) afterCommit(em, () => ringBell(databaseOf(em), BigInt(xid)));
  return row!.answers;
}
