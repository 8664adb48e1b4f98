// Which carrier of those that a rule allows: the one that costs least when its time is counted as money, by what we have seen of it rather than by what it promises.
import type { CarrierSuggestion } from './shipping-advice.js';

export interface Rate {
  readonly carrier: string; readonly province: string; readonly currency: string;
  readonly firstGrams: number; readonly firstMinor: number; readonly moreGrams: number; readonly moreMinor: number; readonly promisedHours: number;
}
/** What has become of a carrier's parcels to a province. */
export interface DeliveryRecord { readonly carrier: string; readonly province: string; readonly parcels: number; readonly seconds: number }

export interface Candidate {
  readonly carrier: string;
  /** Null where we know no rate: it comes after those that have one. */
  readonly costMinor: number | null;
  readonly currency: string | null;
  readonly promisedHours: number | null;
  readonly seenHours: number | null;
  readonly seenParcels: number;
  /** Cost with its hours as money: the least is chosen. */
  readonly scoreMinor: number | null;
  readonly reasons: readonly string[];
}
export interface CarrierChoice { readonly carrier: string; readonly rule: string; readonly reason: string; readonly candidates: readonly Candidate[] }

/** Fewer parcels tell of chance, not of the carrier. */
export const SEEN_AT_LEAST = 20;
/** In minor units: what an hour earlier is worth. A day is 4.80. */
export const HOUR_MINOR = 20;

/** A province as rates and records are kept by: without the words for what kind of place it is. */
export const provinceKey = (province: string | null): string => (province ?? '').trim().replace(/(省|市|自治区|特别行政区|壮族|回族|维吾尔|\s+Province)+$/gi, '').toLowerCase();

/** First weight and each begun further one. */
export const costOf = ({ firstGrams, firstMinor, moreGrams, moreMinor }: Rate, grams: number): number =>
  firstMinor + Math.max(0, Math.ceil((grams - firstGrams) / moreGrams)) * moreMinor;

/** The rate to a province, or the one for everywhere else; null where there is none. */
export function rateOf(carrier: string, province: string, rates: readonly Rate[]): Rate | null {
  const own = rates.filter((rate) => rate.carrier === carrier);
  return own.find((rate) => rate.province === province) ?? own.find((rate) => rate.province === '') ?? null;
}

export interface Shipping { readonly province: string; readonly grams: number }

export function chooseCarrier(rule: CarrierSuggestion, { province, grams }: Shipping, rates: readonly Rate[], records: readonly DeliveryRecord[]): CarrierChoice {
  const candidates = rule.carriers.map((carrier) => candidateOf(carrier, { province, grams }, rates, records));
  // The rule's own order decides between equals, and where nothing is known.
  const best = candidates.map((candidate, at) => ({ candidate, at })).sort((a, b) => (a.candidate.scoreMinor ?? Number.MAX_SAFE_INTEGER) - (b.candidate.scoreMinor ?? Number.MAX_SAFE_INTEGER) || a.at - b.at)[0]!.candidate;
  return { carrier: best.carrier, rule: rule.rule, reason: rule.reason, candidates };
}

function candidateOf(carrier: string, { province, grams }: Shipping, rates: readonly Rate[], records: readonly DeliveryRecord[]): Candidate {
  const rate = rateOf(carrier, province, rates);
  const seen = records.filter((one) => one.carrier === carrier && one.province === province);
  const seenParcels = seen.reduce((sum, { parcels }) => sum + parcels, 0);
  const seenHours = seenParcels === 0 ? null : Math.round(seen.reduce((sum, { seconds }) => sum + seconds, 0) / seenParcels / 360) / 10;
  const trusted = seenHours !== null && seenParcels >= SEEN_AT_LEAST;
  const hours = trusted ? seenHours : rate?.promisedHours ?? null;
  const costMinor = rate === null ? null : costOf(rate, grams);
  return {
    carrier, costMinor, currency: rate?.currency ?? null, promisedHours: rate?.promisedHours ?? null, seenHours, seenParcels,
    scoreMinor: costMinor === null || hours === null ? null : costMinor + Math.round(hours * HOUR_MINOR),
    reasons: [costMinor === null ? 'NO_RATE' : 'RATE', trusted ? 'SEEN_HOURS' : rate === null ? 'NO_TIME_KNOWN' : 'PROMISED_HOURS'],
  };
}
