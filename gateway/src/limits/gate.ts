import { counter } from '@quanyu/telemetry';
import type { Viewer } from '@quanyu/viewer';
import type { GraphQLError } from 'graphql';
import { refusal } from '../errors.js';
import type { Operation } from '../plan/operation.js';
import type { Supergraph } from '../supergraph.js';
import { MemoryBuckets, type BucketPolicy, type Buckets, type Verdict } from './buckets.js';
import { operationCost } from './operation-cost.js';
import type { Overload } from './overload.js';
import type { TrustedDocuments } from './trusted-documents.js';

/** How much anybody may ask. */
export interface Limits {
  /** Requests of one member, and of one address without the credentials of staff or partners. */
  readonly perMember: BucketPolicy;
  readonly perAddress: BucketPolicy;
  /** Credentials that were refused, by address. */
  readonly refusedCredentials: BucketPolicy;
  /** Points of cost of one partner key. */
  readonly partnerCost: BucketPolicy;
  /** Points of cost of a single operation. */
  readonly mostCost: Readonly<Record<Viewer['kind'], number>>;
  /** How late the process may be, in milliseconds, before this kind of viewer is sent away: first who loses least by coming back. */
  readonly shedAfter: Readonly<Record<Viewer['kind'], number>>;
}

/** Who is sent away how soon, by the milliseconds of the first of them. */
export const shedAfter = (strangersMs: number): Limits['shedAfter'] =>
  ({ anonymous: strangersMs, partner: 2 * strangersMs, member: 3 * strangersMs, staff: 20 * strangersMs, service: Infinity });

export const USUAL_LIMITS: Limits = {
  perMember: { perSecond: 3, burst: 6 },
  perAddress: { perSecond: 10, burst: 20 },
  refusedCredentials: { perSecond: 5, burst: 100 },
  partnerCost: { perSecond: 250, burst: 5_000 },
  mostCost: { anonymous: 1_000, member: 2_500, partner: 5_000, staff: 50_000, service: Infinity },
  shedAfter: shedAfter(250),
};

/** What an operation cost, as it is told in `extensions.cost` and in headers. */
export interface Charge {
  readonly headers: Readonly<Record<string, string>>;
  /** The client is told: it has a bucket of points. */
  readonly told: boolean;
  /** Gives back to the bucket what was counted too much, by the data that came; undefined where it cannot be counted. */
  settle(data: unknown): Promise<{ readonly requested: number; readonly actual: number; readonly throttle: { readonly limit: number; readonly remaining: number; readonly resetAt: string } | null }>;
}

const refused = counter('quanyu_requests_refused_total', 'Requests refused by a limit: state is its code, kind the kind of viewer.', ['state', 'kind']);

/** Lets requests in, or tells when to come back; asked before a body is read, and again when the operation is known. */
export class Gate {
  constructor(private readonly buckets: Buckets, private readonly overload: Overload, readonly documents: TrustedDocuments, private readonly limits: Limits = USUAL_LIMITS) {}

  /** Of this process alone: they save the work of looking at credentials, for which asking Redis would be none. */
  readonly #refusals = new MemoryBuckets();

  /** Before anything is looked at: after how many seconds one shall come back; undefined: now is well. */
  busy(hasCredentials: boolean): number | undefined {
    const kind = hasCredentials ? 'staff' : 'anonymous';
    return this.overload.refuses(kind, this.limits.shedAfter[kind]);
  }

  /** Before the credentials are looked at. */
  knock(address: string, hasCredentials: boolean): void {
    this.#shed(hasCredentials ? 'staff' : 'anonymous');
    if (hasCredentials) this.#allow(this.#refusals.look(address, this.limits.refusedCredentials), 'anonymous');
  }

  /** Notes credentials that were not valid. */
  noteRefused(address: string): void {
    this.#refusals.take(address, 1, this.limits.refusedCredentials);
  }

  /** When it is known who asks. Staff and partners have credentials that can be taken away; everybody else shares an address. */
  async enter(viewer: Viewer, address: string): Promise<Readonly<Record<string, string>>> {
    this.#shed(viewer.kind);
    if (viewer.kind === 'staff' || viewer.kind === 'partner' || viewer.kind === 'service') return {};
    const byAddress = this.#allow(await this.buckets.take(`address:${address}`, 1, this.limits.perAddress), viewer.kind);
    if (viewer.kind !== 'member') return headersOf(byAddress);
    return headersOf(this.#allow(await this.buckets.take(`member:${viewer.subjectId}`, 1, this.limits.perMember), viewer.kind));
  }

  /** When it is known what is asked. */
  async charge(viewer: Viewer, supergraph: Supergraph, operation: Operation): Promise<Charge> {
    const cost = operationCost(supergraph, operation);
    const requested = cost.requested(operation.variables);
    const most = this.limits.mostCost[viewer.kind];
    if (requested > most) throw this.#count(refusal('COST_TOO_HIGH', { limit: most, requested }), viewer.kind);
    const policy = viewer.kind === 'partner' ? this.limits.partnerCost : null;
    const name = `partner:${viewer.subjectId}`;
    const verdict = policy === null ? null : this.#allow(await this.buckets.take(name, requested, policy), viewer.kind, { requested });
    return {
      headers: verdict === null ? {} : headersOf(verdict),
      told: verdict !== null,
      settle: async (data) => {
        const actual = data === undefined ? requested : Math.min(requested, cost.actual(data));
        if (policy !== null && actual < requested) await this.buckets.giveBack(name, requested - actual, policy);
        const remaining = verdict && Math.min(verdict.limit, verdict.remaining + requested - actual);
        return {
          requested, actual,
          throttle: verdict && { limit: verdict.limit, remaining: remaining ?? 0, resetAt: new Date(Date.now() + verdict.seconds * 1000).toISOString() },
        };
      },
    };
  }

  #shed(kind: Viewer['kind']): void {
    const retryAfter = this.overload.refuses(kind, this.limits.shedAfter[kind]);
    if (retryAfter !== undefined) throw refusal('OVERLOADED', { retryAfter });
  }

  #allow(verdict: Verdict, kind: Viewer['kind'], facts: Readonly<Record<string, number>> = {}): Verdict {
    if (verdict.allowed) return verdict;
    const { limit, remaining, seconds } = verdict;
    throw this.#count(refusal('RATE_LIMITED', { ...facts, limit, remaining, retryAfter: Math.max(1, seconds) }), kind);
  }

  #count(error: GraphQLError, kind: Viewer['kind']): GraphQLError {
    refused.add({ state: String(error.extensions['code']), kind });
    return error;
  }
}

/** As the IETF draft words them: how much there is, how much is left, and the seconds until it is all there again. */
export const headersOf = ({ limit, remaining, seconds }: Verdict): Record<string, string> =>
  ({ 'ratelimit-limit': String(limit), 'ratelimit-remaining': String(remaining), 'ratelimit-reset': String(seconds) });
