// Rules are said for all, for a category or for a SKU, and for all channels or for one: of each value the most specific wins.
import type { ChannelTerms, Rounding } from './publish-quantity.js';
import { RATIO_SCALE } from './publish-quantity.js';

/** A ratio as people write it, '0.98'; null with more than four decimals, since it would be rounded unseen. */
export function scaledRatio(decimal: string): number | null {
  const [, whole = '', fraction = ''] = /^(\d{1,5})(?:\.(\d{1,4})0*)?$/.exec(decimal) ?? [];
  return whole === '' ? null : Number(whole) * RATIO_SCALE + Number(fraction.padEnd(4, '0'));
}

export const ratioText = (scaled: number): string => (scaled / RATIO_SCALE).toFixed(4).replace(/\.?0+$/, '');

/** What a rule is about. At most one of category and SKU; neither means all goods. */
export interface Scope { readonly category: string | null; readonly skuId: string | null }

/** A rule says some values; the others are null and come from a wider rule. */
export interface AllocationRule extends Scope {
  /** null: every channel. */
  readonly channelId: string | null;
  readonly ratioScaled: number | null;
  readonly rounding: Rounding | null;
  readonly maxOversellUnits: number | null;
  readonly maxOversellPercent: number | null;
  readonly minPublish: number | null;
}

export interface StockPolicy extends Scope {
  readonly safetyStock: number | null;
  readonly lowStockThreshold: number | null;
  readonly lowStockMargin: number | null;
  readonly mainChannelOnlyBelow: number | null;
}

export interface SkuRef { readonly skuId: string; readonly category: string | null }

export const DEFAULT_LOW_STOCK_THRESHOLD = 10;

/** SKU before category before all; of two for the same goods the one for this channel. */
const weight = (rule: Scope & { readonly channelId?: string | null }): number =>
  (rule.skuId !== null ? 4 : rule.category !== null ? 2 : 0) + ((rule.channelId ?? null) === null ? 0 : 1);

const applies = (rule: Scope, { skuId, category }: SkuRef): boolean =>
  (rule.skuId === null || rule.skuId === skuId) && (rule.category === null || rule.category === category);

function said<Rule extends Scope, Key extends keyof Rule>(rules: readonly Rule[], key: Key): Rule[Key] | null {
  return rules.find((rule) => rule[key] !== null)?.[key] ?? null;
}

/** The terms of one SKU on one channel. A ratio over 1 always meets a cap: the rule that says it has to carry one. */
export function termsOf(rules: readonly AllocationRule[], sku: SkuRef, channelId: string): ChannelTerms {
  const mine = rules
    .filter((rule) => applies(rule, sku) && (rule.channelId === null || rule.channelId === channelId))
    .sort((a, b) => weight(b) - weight(a));
  return {
    ratioScaled: said(mine, 'ratioScaled') ?? RATIO_SCALE,
    rounding: said(mine, 'rounding') ?? 'FLOOR',
    maxOversellUnits: said(mine, 'maxOversellUnits'),
    maxOversellPercent: said(mine, 'maxOversellPercent'),
    minPublish: said(mine, 'minPublish'),
  };
}

export interface PolicyOfSku {
  readonly safetyStock: number;
  readonly lowStockThreshold: number;
  readonly lowStockMargin: number | null;
  readonly mainChannelOnlyBelow: number | null;
}

export function policyOf(policies: readonly StockPolicy[], sku: SkuRef): PolicyOfSku {
  const mine = policies.filter((policy) => applies(policy, sku)).sort((a, b) => weight(b) - weight(a));
  return {
    safetyStock: said(mine, 'safetyStock') ?? 0,
    lowStockThreshold: said(mine, 'lowStockThreshold') ?? DEFAULT_LOW_STOCK_THRESHOLD,
    lowStockMargin: said(mine, 'lowStockMargin'),
    mainChannelOnlyBelow: said(mine, 'mainChannelOnlyBelow'),
  };
}

export type RuleFault = 'SCOPE_INVALID' | 'RATIO_INVALID' | 'RATIO_NEEDS_CAP' | 'CAP_INVALID' | 'QUANTITY_INVALID';

const MOST_RATIO = 100 * RATIO_SCALE;
const MOST_PERCENT = 10_000;
const MOST_UNITS = 1_000_000_000;
const isCount = (value: number | null): boolean => value === null || (Number.isInteger(value) && value >= 0 && value <= MOST_UNITS);

const isScope = ({ category, skuId }: Scope): boolean => (category === null || skuId === null) && (category === null || /^\S(.{0,62}\S)?$/.test(category));

export function faultOfRule(rule: AllocationRule): { readonly code: RuleFault; readonly field: string } | null {
  if (!isScope(rule)) return { code: 'SCOPE_INVALID', field: 'category' };
  if (rule.ratioScaled !== null && !(Number.isInteger(rule.ratioScaled) && rule.ratioScaled >= 0 && rule.ratioScaled <= MOST_RATIO)) return { code: 'RATIO_INVALID', field: 'ratio' };
  // Under 100 it would not cap an oversell but cut the stock: somebody meant "20 % more" or a ratio.
  if (rule.maxOversellPercent !== null && !(rule.maxOversellPercent >= 100 && rule.maxOversellPercent <= MOST_PERCENT)) return { code: 'CAP_INVALID', field: 'maxOversellPercent' };
  for (const field of ['maxOversellUnits', 'minPublish'] as const) if (!isCount(rule[field])) return { code: 'QUANTITY_INVALID', field };
  if ((rule.ratioScaled ?? 0) > RATIO_SCALE && rule.maxOversellUnits === null && rule.maxOversellPercent === null) return { code: 'RATIO_NEEDS_CAP', field: 'ratio' };
  return null;
}

export function faultOfPolicy(policy: StockPolicy): { readonly code: RuleFault; readonly field: string } | null {
  if (!isScope(policy)) return { code: 'SCOPE_INVALID', field: 'category' };
  for (const field of ['safetyStock', 'lowStockThreshold', 'lowStockMargin', 'mainChannelOnlyBelow'] as const) if (!isCount(policy[field])) return { code: 'QUANTITY_INVALID', field };
  return null;
}
