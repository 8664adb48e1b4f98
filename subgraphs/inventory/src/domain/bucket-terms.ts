// What an activity with units of its own may say of itself.

export interface BucketTerms {
  readonly name: string;
  /** Units of one SKU that one member may hold or buy; null for no limit. */
  readonly perMemberLimit: number | null;
  readonly startsAt: Date | null;
  readonly endsAt: Date | null;
}

/** The field that cannot be, or null. MAIN is everybody's stock and no activity. */
export function faultOfBucket({ bucket, name, perMemberLimit, startsAt, endsAt }: BucketTerms & { readonly bucket: string }): string | null {
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(bucket) || bucket === 'MAIN') return 'bucket';
  if (name.trim() === '' || name.length > 200) return 'name';
  if (perMemberLimit !== null && (perMemberLimit < 1 || perMemberLimit > 1_000_000_000)) return 'perMemberLimit';
  return startsAt !== null && endsAt !== null && endsAt <= startsAt ? 'endsAt' : null;
}
