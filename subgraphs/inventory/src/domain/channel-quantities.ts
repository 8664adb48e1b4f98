// All channels of a SKU at once; asking "what if" is the same with other rules.
import { publishQuantity } from './publish-quantity.js';
import { policyOf, termsOf, type AllocationRule, type SkuRef, type StockPolicy } from './stock-scope.js';

/** Everything that decides what channels show. */
export interface AllocationSettings {
  readonly rules: readonly AllocationRule[];
  readonly policies: readonly StockPolicy[];
  /** Channels that stock is published to. */
  readonly channelIds: readonly string[];
  readonly mainChannelId: string | null;
}

export interface SkuStock extends SkuRef { readonly available: number }
export interface ChannelQuantity { readonly channelId: string; readonly skuId: string; readonly quantity: number }

export function channelQuantities(sku: SkuStock, settings: AllocationSettings): ChannelQuantity[] {
  const { safetyStock, mainChannelOnlyBelow } = policyOf(settings.policies, sku);
  const base = { available: sku.available, safetyStock, mainChannelOnlyBelow };
  return settings.channelIds.map((channelId) => ({
    channelId, skuId: sku.skuId,
    quantity: publishQuantity(base, termsOf(settings.rules, sku, channelId), (settings.mainChannelId ?? channelId) === channelId),
  }));
}

const sameRule = (a: AllocationRule, b: AllocationRule): boolean => a.channelId === b.channelId && a.category === b.category && a.skuId === b.skuId;
const samePolicy = (a: StockPolicy, b: StockPolicy): boolean => a.category === b.category && a.skuId === b.skuId;

/** The settings as they would be: a rule takes the place of the one with the same scope. */
export const withChanges = (settings: AllocationSettings, changes: { readonly rules: readonly AllocationRule[]; readonly policies: readonly StockPolicy[] }): AllocationSettings => ({
  ...settings,
  rules: [...settings.rules.filter((rule) => !changes.rules.some((changed) => sameRule(changed, rule))), ...changes.rules],
  policies: [...settings.policies.filter((policy) => !changes.policies.some((changed) => samePolicy(changed, policy))), ...changes.policies],
});
