import { MemoryBuckets, type Buckets } from './buckets.js';
import { Gate, USUAL_LIMITS, type Limits } from './gate.js';
import { Overload } from './overload.js';
import { TrustedDocuments } from './trusted-documents.js';

/** What a gateway's limits are made of. */
export interface LimitSettings {
  /** Where they differ from the usual ones. */
  readonly limits?: Partial<Limits>;
  /** Of this process unless given: `RedisBuckets` count for all that share a Redis. */
  readonly buckets?: Buckets;
  /** Documents of our own clients, and whether `/graphql` runs nothing else. */
  readonly documents?: readonly string[];
  readonly onlyTrusted?: boolean;
}

/** The gates of both addresses of the graph; buckets and overload are watched for both together. */
export interface Limiting { readonly own: Gate; readonly partners: Gate; stop(): void }

/** Sets limits up. Partners write documents of their own, so theirs are never limited to those that are known. */
export function createLimiting({ limits, buckets = new MemoryBuckets(), documents = [], onlyTrusted = false }: LimitSettings, row?: { readonly late: number }): Limiting {
  const overload = new Overload(row);
  const all = { ...USUAL_LIMITS, ...limits };
  return {
    own: new Gate(buckets, overload, new TrustedDocuments(documents, onlyTrusted), all),
    partners: new Gate(buckets, overload, new TrustedDocuments([], false), all),
    stop: () => overload.stop(),
  };
}
