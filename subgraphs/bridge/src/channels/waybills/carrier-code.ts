/** A carrier's code on a platform; `other` where the platform has none that we know. */
export const carrierCode = (codes: Readonly<Record<string, string>>, carrier: string, other: string): string => (Object.hasOwn(codes, carrier) ? codes[carrier]! : other);
