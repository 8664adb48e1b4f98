import { newId } from '@quanyu/ids';
import { log } from '@quanyu/telemetry';
import type { Viewer } from '@quanyu/viewer';
import type { Operation } from '../plan/operation.js';
import type { Supergraph } from '../supergraph.js';
import { fieldsOf } from './fields-of.js';

/** How often clients of one merchant have asked for fields on one day, as one gateway has counted since it began. */
export interface UsageNote {
  readonly tenantId: string;
  readonly gatewayId: string;
  readonly day: string;
  readonly counts: readonly { readonly client: string; readonly field: string; readonly requests: number }[];
}

/** Where counts are kept. */
export interface UsageSettings {
  readonly keep: (note: UsageNote) => Promise<unknown>;
  /** How often what was counted is handed on; every minute by default. */
  readonly everyMilliseconds?: number;
}

/** Clients of one merchant that are told apart on a day: their names are whatever they say. */
const MOST_CLIENTS = 100;
const MOST_TENANTS = 10_000;
const MOST_COUNTS = 5_000;

/** Of one merchant on one day: by client and document while it is asked, by client and field once it was handed on. */
interface Tally {
  readonly day: string;
  readonly asked: Map<string, Map<readonly string[], number>>;
  readonly totals: Map<string, Map<string, number>>;
  /** Clients of which not all is handed on. */
  readonly late: Set<string>;
}

/**
 * Counts who asks for which field, so that one can be taken away with a good conscience. A request costs two look-ups;
 * documents become fields once a minute. Totals of the day are handed on and not what is new, so a note that is lost or
 * comes twice does no harm.
 */
export class Usage {
  readonly #gatewayId = newId('req');
  readonly #tallies = new Map<string, Tally>();
  readonly #timer: NodeJS.Timeout;

  constructor(private readonly settings: UsageSettings, private readonly today: () => string = () => new Date().toISOString().slice(0, 10)) {
    this.#timer = setInterval(() => void this.flush(), settings.everyMilliseconds ?? 60_000).unref();
  }

  /** Notes a request; `called` is what the client calls itself. Nobody's requests belong to no merchant and are not counted. */
  note(viewer: Viewer, called: string | undefined, supergraph: Supergraph, operation: Operation): void {
    const { tenantId } = viewer.claims;
    if (tenantId === null) return;
    const day = this.today();
    const key = `${day} ${tenantId}`;
    let tally = this.#tallies.get(key);
    if (tally === undefined) {
      if (this.#tallies.size >= MOST_TENANTS) return;
      this.#tallies.set(key, (tally = { day, asked: new Map(), totals: new Map(), late: new Set() }));
    }
    const named = viewer.kind === 'partner' ? viewer.subjectId : clientName(called);
    const client = tally.asked.has(named) || tally.asked.size < MOST_CLIENTS ? named : 'others';
    let documents = tally.asked.get(client);
    if (documents === undefined) tally.asked.set(client, (documents = new Map()));
    const fields = fieldsOf(supergraph, operation);
    documents.set(fields, (documents.get(fields) ?? 0) + 1);
    tally.late.add(client);
  }

  /** Hands on what has grown. */
  async flush(): Promise<void> {
    const today = this.today();
    for (const [key, tally] of this.#tallies) {
      const counts = grown(tally);
      const tenantId = key.slice(key.indexOf(' ') + 1);
      try {
        for (let from = 0; from < counts.length; from += MOST_COUNTS) {
          await this.settings.keep({ tenantId, gatewayId: this.#gatewayId, day: tally.day, counts: counts.slice(from, from + MOST_COUNTS) });
        }
        if (tally.day !== today) this.#tallies.delete(key);
      } catch (error) {
        // Totals come again, with all that belongs to them.
        log.warn('the usage of fields could not be kept', { error, tenantId });
        for (const { client } of counts) tally.late.add(client);
      }
    }
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.flush();
  }
}

/** Adds what was asked to the totals, and gives those that are to be handed on. */
function grown({ asked, totals, late }: Tally): UsageNote['counts'][number][] {
  const counts: UsageNote['counts'][number][] = [];
  for (const client of late) {
    const documents = asked.get(client) ?? new Map<readonly string[], number>();
    const fields = totals.get(client) ?? new Map<string, number>();
    totals.set(client, fields);
    for (const [names, requests] of documents) for (const name of names) fields.set(name, (fields.get(name) ?? 0) + requests);
    documents.clear();
    for (const [field, requests] of fields) counts.push({ client, field, requests });
  }
  late.clear();
  return counts;
}

const clientName = (called: string | undefined): string => {
  const name = (called ?? '').replace(/[^\w .@/-]/g, '').trim().slice(0, 64);
  return name === '' ? 'unnamed' : name;
};
