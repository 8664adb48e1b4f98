import type { EntityManager } from '@mikro-orm/postgresql';
import { countMeant, followOutside, type Following, type OutsideFigure } from '../../domain/follow-outside.js';
import { MAIN_BUCKET } from '../../domain/available.js';
import { spreadOver } from '../../domain/spread-difference.js';
import { outsideViews, type OutsideView, type Told } from '../../queries/outside-view.js';
import { changeCounts, lockLevels } from '../levels/change-counts.js';
import { raiseStockExceptions, resolveStockExceptions } from '../watching/stock-exceptions.js';

interface Authority { readonly connectionId: string; readonly figure: OutsideFigure }
interface Said { readonly actor: string; readonly reference: string; readonly note: string | null }
interface Judged { readonly told: Told; readonly view: OutsideView; readonly meant: number; readonly following: Following }

export interface TakeOutsideStock {
  readonly tenantId: string;
  readonly connectionId: string;
  readonly locationId: string;
  readonly takenAt: string;
  /** What it was read with, for the journal. */
  readonly reference: string;
  readonly figures: readonly { readonly skuId: string; readonly quantity: number }[];
}

/**
 * Takes over what a system outside counts at a location that follows it: by compare-and-set, so that nothing that was
 * changed here is overwritten unseen. Older figures than known, and those of a location that follows somebody else,
 * change nothing. Less than is promised raises a deficit.
 */
export async function takeOutsideStock(em: EntityManager, { tenantId, connectionId, locationId, takenAt, reference, figures }: TakeOutsideStock): Promise<void> {
  const authority = await lockAuthority(em, tenantId, locationId);
  if (authority?.connectionId !== connectionId) return;
  const told = [...new Map(figures.map(({ skuId, quantity }) => [skuId, { skuId, theirs: quantity, takenAt }])).values()];
  await lockLevels(em, tenantId, told.map(({ skuId }) => ({ skuId, locationId, bucket: MAIN_BUCKET })));
  const judged = await judge(em, tenantId, locationId, authority, told);
  const news = judged.filter(({ view: { lastTakenAt } }) => lastTakenAt === null || new Date(lastTakenAt) <= new Date(takenAt));
  await adopt(em, tenantId, locationId, news, { actor: connectionId, reference, note: null });
}

/** Takes over what a system outside last told of one SKU, though ours was changed here. False when there is no such figure. */
export async function adoptOutsideFigure(em: EntityManager, tenantId: string, { locationId, skuId, ...said }: { readonly locationId: string; readonly skuId: string } & Said): Promise<boolean> {
  const authority = await lockAuthority(em, tenantId, locationId);
  const [known] = await em.execute<{ theirs: number; takenAt: string }[]>('select theirs, taken_at::text as "takenAt" from outside_figure where tenant_id = ? and location_id = ? and sku_id = ?', [tenantId, locationId, skuId]);
  if (authority === null || known === undefined) return false;
  await lockLevels(em, tenantId, [{ skuId, locationId, bucket: MAIN_BUCKET }]);
  const judged = await judge(em, tenantId, locationId, authority, [{ skuId, ...known }]);
  await adopt(em, tenantId, locationId, judged.map((each) => (each.following.kind === 'drift' ? { ...each, following: { kind: 'set', onHand: each.meant } } : each)), said);
  return true;
}

async function lockAuthority(em: EntityManager, tenantId: string, locationId: string): Promise<Authority | null> {
  const [authority] = await em.execute<Authority[]>('select connection_id as "connectionId", figure from stock_authority where tenant_id = ? and location_id = ? for no key update', [tenantId, locationId]);
  return authority ?? null;
}

async function judge(em: EntityManager, tenantId: string, locationId: string, authority: Authority, told: readonly Told[]): Promise<Judged[]> {
  const views = await outsideViews(em, tenantId, { locationId, ...authority }, told);
  const byId = new Map(told.map((each) => [each.skuId, each]));
  return views.map((view) => {
    const mine = byId.get(view.skuId)!;
    const meant = countMeant(authority.figure, mine.theirs, view);
    return { told: mine, view, meant, following: followOutside(view.ours, view.changedHere === null ? null : view.ours - view.changedHere, meant) };
  });
}

async function adopt(em: EntityManager, tenantId: string, locationId: string, judged: readonly Judged[], said: Said): Promise<void> {
  if (judged.length === 0) return;
  await changeCounts(em, {
    tenantId, reason: 'SNAPSHOT', ...said, levels: judged.flatMap(({ view, following }) => (following.kind === 'set' ? spreadOver(view.buckets, following.onHand - view.ours) : [])),
  });
  await em.execute(
    `insert into outside_figure as f (location_id, sku_id, tenant_id, theirs, taken_at, agreed_versions, meant, differs_since)
     select ?, "skuId", ?, theirs, "takenAt", case when agrees then (select jsonb_object_agg(l.id, l.version) from stock_level l where l.id in (select jsonb_array_elements_text(r.levels))) end, meant, case when not agrees then app_now() end
     from jsonb_to_recordset(?::jsonb) as r ("skuId" text, theirs int, "takenAt" timestamptz, levels jsonb, meant int, agrees boolean) order by "skuId"
     on conflict (location_id, sku_id) do update set theirs = excluded.theirs, taken_at = excluded.taken_at, meant = excluded.meant,
       agreed_versions = coalesce(excluded.agreed_versions, f.agreed_versions), differs_since = case when excluded.differs_since is not null then coalesce(f.differs_since, excluded.differs_since) end`,
    [locationId, tenantId, JSON.stringify(judged.map(({ told, view, meant, following }) => ({
      ...told, meant, agrees: following.kind !== 'drift', levels: view.buckets.map(({ id }) => id),
    })))]);
  const troubleOf = ({ view: { skuId } }: Judged) => ({ code: 'STOCK_DRIFT' as const, skuId, locationId, channelId: null, part: 'OUTSIDE' });
  await raiseStockExceptions(em, tenantId, judged.filter(({ following }) => following.kind === 'drift').map((each) => ({ ...troubleOf(each), figures: { kind: 'OUTSIDE', ours: each.view.ours, theirs: each.meant } })));
  await resolveStockExceptions(em, tenantId, judged.filter(({ following }) => following.kind !== 'drift').map(troubleOf));
}
