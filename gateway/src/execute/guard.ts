import { inSpan, log, secondsSince } from '@quanyu/telemetry';
import type { ExecutionResult } from 'graphql';
import type { GatewayContext } from '../context.js';
import { fetchSeconds } from '../metrics.js';
import type { SubgraphRequest, SubgraphSource } from '../sources/source.js';
import { NobodyWaits, TookTooLong, type Waiting } from './waiting.js';

/** Thrown in the place of a call to a subgraph that has just failed several times. */
export class CircuitOpen extends Error {
  override readonly name = 'CircuitOpen';
}

/** How a subgraph is dealt with. */
export interface GuardOptions {
  readonly timeoutMilliseconds: number;
  /** Failures in a row after which it is left alone. */
  readonly failures?: number;
  /** How long it is left alone at first; doubled each time the next try fails as well. */
  readonly pauseMilliseconds?: number;
}

const FAILURES = 5;
const PAUSE_MILLISECONDS = 500;
const LONGEST_PAUSE_MILLISECONDS = 30_000;
/** At most one retry for ten calls, or retries would press a subgraph down that is down already. */
const RETRY_SHARE = 0.1;
const MOST_RETRIES_SAVED = 10;
const RETRY_JITTER_MILLISECONDS = 40;

/**
 * Stands between the executor and one subgraph: waits only so long, tries a query once more, and leaves a
 * subgraph alone for a while when it keeps failing.
 */
export class SubgraphGuard {
  #failures = 0;
  #pause: number;
  #closedUntil = 0;
  #probing = false;
  #retries = MOST_RETRIES_SAVED;

  constructor(private readonly source: SubgraphSource, private readonly options: GuardOptions) {
    this.#pause = options.pauseMilliseconds ?? PAUSE_MILLISECONDS;
  }

  async send(request: SubgraphRequest, context: GatewayContext, waiting: Waiting, mayRepeat: boolean): Promise<ExecutionResult> {
    try {
      return await this.#try(request, context, waiting);
    } catch (error) {
      if (!mayRepeat || this.#retries < 1 || error instanceof CircuitOpen || error instanceof NobodyWaits || error instanceof TookTooLong) throw error;
      this.#retries -= 1;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * RETRY_JITTER_MILLISECONDS));
      return this.#try(request, context, waiting);
    }
  }

  async #try(request: SubgraphRequest, context: GatewayContext, waiting: Waiting): Promise<ExecutionResult> {
    const probe = this.#enter();
    try {
      const result = await waiting.for(this.options.timeoutMilliseconds, (patience) => fetched(this.source, () => this.source.execute(request, context, patience)));
      this.#retries = Math.min(MOST_RETRIES_SAVED, this.#retries + RETRY_SHARE);
      this.#failures = 0;
      this.#closedUntil = 0;
      this.#pause = this.options.pauseMilliseconds ?? PAUSE_MILLISECONDS;
      return result;
    } catch (error) {
      if (!(error instanceof NobodyWaits)) this.#failed(probe, error);
      throw error;
    } finally {
      if (probe) this.#probing = false;
    }
  }

  /** Lets a call through, or not; tells whether it is the one that finds out if the subgraph is back. */
  #enter(): boolean {
    if (this.#closedUntil === 0) return false;
    if (this.#probing || Date.now() < this.#closedUntil) throw new CircuitOpen('the subgraph is left alone for a while');
    this.#probing = true;
    return true;
  }

  #failed(probe: boolean, error: unknown): void {
    this.#failures += 1;
    if (!probe && (this.#closedUntil > 0 || this.#failures < (this.options.failures ?? FAILURES))) return;
    if (probe) this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE_MILLISECONDS);
    this.#closedUntil = Date.now() + this.#pause;
    log.warn('a subgraph keeps failing and is left alone for a while', { subgraph: this.source.name, ms: this.#pause, error });
  }
}

async function fetched({ name }: SubgraphSource, fetch: () => Promise<ExecutionResult>): Promise<ExecutionResult> {
  const startedAt = performance.now();
  let outcome = 'failed';
  try {
    const result = await inSpan(`fetch ${name}`, { kind: 'client', fields: { subgraph: name } }, fetch);
    outcome = result.errors === undefined ? 'ok' : 'errors';
    return result;
  } finally {
    fetchSeconds.observe({ subgraph: name, outcome }, secondsSince(startedAt));
  }
}
