import { scaledRatio, type AllocationRule, type StockPolicy } from '../domain/stock-scope.js';
import type { AllocationRuleInput, StockPolicyInput } from './allocation.type.js';
import { parseOptionalId } from './id-arguments.js';

/** A ratio that is none becomes NaN, and the rule's own check refuses it with the others. */
export const toAllocationRule = (input: AllocationRuleInput): AllocationRule => ({
  channelId: parseOptionalId('con', input.channelId),
  category: input.category ?? null,
  skuId: parseOptionalId('sku', input.skuId),
  ratioScaled: input.ratio === null || input.ratio === undefined ? null : scaledRatio(input.ratio) ?? NaN,
  rounding: input.rounding ?? null,
  maxOversellUnits: input.maxOversellUnits ?? null,
  maxOversellPercent: input.maxOversellPercent ?? null,
  minPublish: input.minPublish ?? null,
});

export const toStockPolicy = (input: StockPolicyInput): StockPolicy => ({
  category: input.category ?? null,
  skuId: parseOptionalId('sku', input.skuId),
  safetyStock: input.safetyStock ?? null,
  lowStockThreshold: input.lowStockThreshold ?? null,
  lowStockMargin: input.lowStockMargin ?? null,
  mainChannelOnlyBelow: input.mainChannelOnlyBelow ?? null,
});
