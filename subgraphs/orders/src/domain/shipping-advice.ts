// How orders could be sent: together, apart, and by whom. Suggestions with their reasons; a person confirms each.

export const MERGE_HOURS = 2;
/** Together they stay below it. */
export const MERGE_BELOW_GRAMS = 10_000;
/** A parcel above it is split; a single piece above it goes by freight. */
export const PARCEL_UP_TO_GRAMS = 20_000;

export interface MergeCandidate {
  readonly orderId: string;
  readonly channelId: string;
  /** The receiver as the channel tells them: an OAID where they are masked, else hashes of address and phone. Null: nobody can say. */
  readonly receiver: string | null;
  readonly placedAt: Date;
  /** Null where the weight of a SKU is not known. */
  readonly weightGrams: number | null;
}
export interface MergeSuggestion { readonly orderIds: readonly string[]; readonly weightGrams: number; readonly parcelsSaved: number; readonly reasons: readonly string[] }

/** Orders of one channel to one receiver, placed less than two hours apart and light enough together; the oldest first. */
export function suggestMerges(orders: readonly MergeCandidate[]): MergeSuggestion[] {
  const groups = new Map<string, MergeCandidate[]>();
  for (const order of orders) {
    if (order.receiver === null || order.weightGrams === null) continue;
    const key = `${order.channelId}/${order.receiver}`;
    groups.set(key, [...(groups.get(key) ?? []), order]);
  }
  return [...groups.values()].flatMap((group) => cut(group.toSorted((a, b) => a.placedAt.getTime() - b.placedAt.getTime())));
}

function cut(sorted: readonly MergeCandidate[]): MergeSuggestion[] {
  const suggestions: MergeSuggestion[] = [];
  let open: MergeCandidate[] = [];
  const weight = (some: readonly MergeCandidate[]): number => some.reduce((sum, { weightGrams }) => sum + weightGrams!, 0);
  const close = (): void => {
    if (open.length > 1) suggestions.push({ orderIds: open.map(({ orderId }) => orderId), weightGrams: weight(open), parcelsSaved: open.length - 1, reasons: ['SAME_RECEIVER', 'WITHIN_2_HOURS', 'BELOW_10_KG'] });
    open = [];
  };
  for (const order of sorted) {
    // All of a parcel lie within two hours, not only each and the next.
    const fits = open[0] === undefined || (order.placedAt.getTime() - open[0].placedAt.getTime() < MERGE_HOURS * 3_600_000 && weight(open) + order.weightGrams! < MERGE_BELOW_GRAMS);
    if (!fits) close();
    open.push(order);
  }
  close();
  return suggestions;
}

export interface SplitLine { readonly lineId: string; readonly quantity: number; readonly weightGrams: number | null; readonly preSale: boolean; readonly locationId: string | null }
export interface SuggestedParcel { readonly lines: readonly { readonly lineId: string; readonly quantity: number }[]; readonly weightGrams: number; readonly reasons: readonly string[] }

/** Parcels that an order should be sent in; one alone means that nothing speaks for a split. */
export function suggestSplit(lines: readonly SplitLine[]): SuggestedParcel[] {
  const groups = new Map<string, SplitLine[]>();
  for (const line of lines) {
    const key = `${line.preSale}/${line.locationId ?? ''}`;
    groups.set(key, [...(groups.get(key) ?? []), line]);
  }
  const manyPlaces = new Set(lines.map(({ locationId }) => locationId ?? '')).size > 1;
  const bothKinds = new Set(lines.map(({ preSale }) => preSale)).size > 1;
  const why = [...(manyPlaces ? ['LOCATIONS'] : []), ...(bothKinds ? ['PRE_SALE'] : [])];
  return [...groups.values()].flatMap((group) => {
    const parcels = pack(group);
    return parcels.map((parcel) => ({ ...parcel, reasons: [...why, ...(parcels.length > 1 ? ['OVER_20_KG'] : [])] }));
  });
}

/** Heaviest first, each into the first parcel with room; a piece that is too heavy alone has a parcel of its own. */
function pack(lines: readonly SplitLine[]): Omit<SuggestedParcel, 'reasons'>[] {
  const parcels: { weightGrams: number; units: Map<string, number> }[] = [];
  for (const { lineId, quantity, weightGrams } of lines.toSorted((a, b) => (b.weightGrams ?? 0) - (a.weightGrams ?? 0))) {
    const each = weightGrams ?? 0;
    for (let left = quantity; left > 0;) {
      const parcel = parcels.find((one) => one.weightGrams + each <= PARCEL_UP_TO_GRAMS) ?? { weightGrams: 0, units: new Map<string, number>() };
      if (parcel.units.size === 0) parcels.push(parcel);
      const room = each === 0 ? left : Math.max(1, Math.floor((PARCEL_UP_TO_GRAMS - parcel.weightGrams) / each));
      const units = Math.min(left, room);
      parcel.weightGrams += units * each;
      parcel.units.set(lineId, (parcel.units.get(lineId) ?? 0) + units);
      left -= units;
    }
  }
  return parcels.map(({ weightGrams, units }) => ({ weightGrams, lines: [...units].map(([lineId, quantity]) => ({ lineId, quantity })) }));
}

export interface Shipment { readonly province: string | null; readonly countryCode: string | null; readonly heaviestPieceGrams: number | null }
export interface CarrierSuggestion { readonly carriers: readonly string[]; readonly rule: string; readonly reason: string }

const REMOTE = ['新疆', '西藏', '青海', '内蒙古', '宁夏', '甘肃', '海南', 'Xinjiang', 'Tibet', 'Qinghai', 'Inner Mongolia', 'Ningxia', 'Gansu', 'Hainan'];

/** The first rule that holds names the carriers, the best one first. */
export const CARRIER_RULES: readonly (CarrierSuggestion & { readonly holds: (shipment: Shipment) => boolean })[] = [
  { rule: 'HEAVY_PIECE', carriers: ['DEPPON'], reason: 'A single piece over 20 kg goes by freight.', holds: ({ heaviestPieceGrams }) => (heaviestPieceGrams ?? 0) > PARCEL_UP_TO_GRAMS },
  { rule: 'ABROAD', carriers: ['EMS'], reason: 'Abroad: EMS reaches every country.', holds: ({ countryCode }) => countryCode !== null && countryCode !== 'CN' },
  { rule: 'EAST', carriers: ['ZTO', 'YTO'], reason: 'Jiangsu, Zhejiang, Shanghai: low cost, fast.', holds: inProvince('江苏', '浙江', '上海', 'Jiangsu', 'Zhejiang', 'Shanghai') },
  { rule: 'SOUTH', carriers: ['SF'], reason: 'Guangdong, Fujian: service.', holds: inProvince('广东', '福建', 'Guangdong', 'Fujian') },
  { rule: 'REMOTE', carriers: ['EMS'], reason: 'Remote: coverage.', holds: inProvince(...REMOTE) },
  { rule: 'ELSEWHERE', carriers: ['ZTO', 'YTO', 'STO', 'YUNDA'], reason: 'Elsewhere: low cost first.', holds: () => true },
];

function inProvince(...names: readonly string[]): (shipment: Shipment) => boolean {
  const wanted = names.map((name) => name.toLowerCase());
  return ({ province }) => province !== null && wanted.some((name) => province.trim().toLowerCase().startsWith(name));
}

export function suggestCarrier(shipment: Shipment): CarrierSuggestion {
  const { carriers, rule, reason } = CARRIER_RULES.find(({ holds }) => holds(shipment))!;
  return { carriers, rule, reason };
}
