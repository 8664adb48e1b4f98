import type pg from 'pg';
import type { Shortage } from '../../domain/ask.js';
import { MAIN_BUCKET } from '../../domain/available.js';
import type { AskOutcome, AskRefusal, ReservationState } from '../../domain/outcome.js';
import { idOf } from '../seed.js';
import type { Ask, AskEntry } from './ask.js';
import { integers, Register, texts } from './columns.js';

const PARAMETERS = 22;
const ADMIT = `select verdicts, judged_at, xid, details from admit(${Array.from({ length: PARAMETERS }, (_, n) => `$${n + 1}`).join(', ')})`;

const REFUSALS: Readonly<Record<string, AskRefusal>> = { K: 'KEY_REUSED', E: 'RESERVATION_EXPIRED', X: 'RESERVATION_ENDED', B: 'BUCKET_CLOSED', M: 'MEMBER_LIMIT' };

interface Known { readonly id: string; readonly state: ReservationState; readonly expiresAt: string | null; readonly held: Readonly<Record<string, number>> | null }
interface Row { verdicts: string; judged_at: Date; xid: string | null; details: Record<string, Record<string, number> | Known> | null }

/** What a batch came to: an outcome an ask, in order; null where it has to be asked again. */
export interface Judged<Outcome> { readonly outcomes: readonly (Outcome | null)[]; readonly xid: string | null }

const flagsOf = ({ inPart, tells, late }: Ask): number => (inPart ? 1 : 0) + (tells === 'nobody' ? 0 : 2) + (tells === 'held and short' ? 4 : 0) + (late ? 8 : 0);

/** Judges a batch by one call. */
export async function admit(client: Pick<pg.ClientBase, 'query'>, seed: string, entries: readonly AskEntry[]): Promise<Judged<AskOutcome>> {
  const { values, stocks } = columnsOf(seed, entries);
  const { rows: [row] } = await client.query<Row>({ name: 'admit', text: ADMIT, values });
  const { verdicts, judged_at: judgedAt, xid, details } = row!;
  const outcomes = entries.map(({ asked }, n): AskOutcome | null => {
    const verdict = verdicts[n]!;
    const more = details?.[n + 1];
    switch (verdict) {
      case 'Y': case 'P': return {
        kind: 'held', reservationId: idOf('rsv', seed, n + 1), state: asked.late ? 'CONFIRMED' : 'HELD', replay: false,
        expiresAt: asked.holdSeconds === null || asked.late ? null : new Date(judgedAt.getTime() + asked.holdSeconds * 1000),
        shortages: verdict === 'P' ? shortagesOf(asked, stocks, more as Record<string, number>) : [],
      };
      case 'N': return { kind: 'short', shortages: shortagesOf(asked, stocks, more as Record<string, number>) };
      case 'R': return replayOf(asked, more as Known);
      case 'A': return null;
      default: {
        const code = REFUSALS[verdict];
        if (code === undefined) throw new Error(`admission answered ${verdict}`);
        return { kind: 'refused', code };
      }
    }
  });
  return { outcomes, xid };
}

const shortagesOf = (asked: Ask, stocks: readonly string[], have: Readonly<Record<string, number>>): Shortage[] => {
  const bySku = new Map(Object.entries(have).map(([stock, available]) => [stocks[Number(stock) - 1], available]));
  return asked.lines.filter(({ skuId }) => bySku.has(skuId)).map(({ skuId, quantity }) => ({ skuId, asked: quantity, available: bySku.get(skuId)! }));
};

const replayOf = (asked: Ask, { id, state, expiresAt, held }: Known): AskOutcome => ({
  kind: 'held', reservationId: id, state, expiresAt: expiresAt === null ? null : new Date(expiresAt), replay: true,
  shortages: asked.lines.map(({ skuId, quantity }) => ({ skuId, asked: quantity, available: held?.[skuId] ?? 0 })).filter((line) => line.available < line.asked),
});

/** The batch as columns, see admit() in SQL. */
function columnsOf(seed: string, entries: readonly AskEntry[]): { values: unknown[]; stocks: string[] } {
  const tenants = new Register(); const stocks = new Register(); const members = new Register(); const regions = new Register();
  const t: string[] = []; const g: string[] = [];
  const k = { tenant: [] as number[], sku: [] as string[], bucket: [] as string[] };
  const l = { ask: [] as number[], stock: [] as number[], quantity: [] as number[], member: [] as number[] };
  const m = { stock: [] as number[], id: [] as string[] };
  const r = { tenant: [] as number[], flags: [] as number[], region: [] as number[] };
  entries.forEach(({ asked: { tenantId, bucket, memberId, region, lines, ...rest } }, n) => {
    const tenant = tenants.numberOf(tenantId, () => t.push(tenantId));
    r.tenant.push(tenant);
    r.flags.push(flagsOf(rest as Ask));
    r.region.push(region === null ? 0 : regions.numberOf(region, () => g.push(region)));
    for (const { skuId, quantity } of lines) {
      const stock = stocks.numberOf(`${tenant} ${skuId} ${bucket}`, () => { k.tenant.push(tenant); k.sku.push(skuId); k.bucket.push(bucket); });
      l.ask.push(n + 1);
      l.stock.push(stock);
      l.quantity.push(quantity);
      l.member.push(memberId === null || bucket === MAIN_BUCKET ? 0 : members.numberOf(`${stock} ${memberId}`, () => { m.stock.push(stock); m.id.push(memberId); }));
    }
  });
  const asks = entries.map((entry) => entry.asked);
  return {
    stocks: k.sku,
    values: [
      seed, texts(t), integers(k.tenant), texts(k.sku), texts(k.bucket),
      integers(r.tenant), texts(asks.map(({ key }) => key)), texts(asks.map(({ hash }) => hash)), integers(asks.map(({ holdSeconds }) => holdSeconds)),
      integers(r.flags), texts(asks.map(({ bucket }) => bucket)), texts(asks.map(({ memberId }) => memberId)), integers(r.region),
      texts(entries.map(({ correlationId }) => correlationId)), texts(entries.map(({ cause }) => cause)),
      integers(l.ask), integers(l.stock), integers(l.quantity), integers(l.member), integers(m.stock), texts(m.id), texts(g),
    ],
  };
}
