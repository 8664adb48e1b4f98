import { ServiceUnavailableError, type ServiceClient } from '@quanyu/calls';
import type { EventEnvelope } from '@quanyu/events';
import type { Consumer, Verdict } from '@quanyu/outbox';
import { z } from 'zod';
import { EVENTS_PATH } from './event-door.js';

const door = z.object({ name: z.string(), types: z.array(z.string()) });
const taken = z.object({ verdicts: z.array(z.enum(['TAKEN', 'PARKED', 'UNKNOWN_TYPE'])) });

/** A new version of the consumer may take in more. */
const ASK_AGAIN_MS = 5_000;
const BATCH_BYTES = 2 * 1024 * 1024;
const TIMEOUT_MS = 30_000;

/** The event door of a subgraph that runs elsewhere. What may have been lost on the way is handed in again: its inbox drops doubles. */
export class RemoteConsumer implements Consumer {
  #types: readonly string[] = [];
  #askedAt = -Infinity;

  constructor(readonly name: string, private readonly client: ServiceClient) {}

  readonly types = async (): Promise<readonly string[]> => {
    if (performance.now() - this.#askedAt < ASK_AGAIN_MS) return this.#types;
    try {
      this.#types = door.parse(await this.#ask('GET')).types;
      this.#askedAt = performance.now();
    } catch (error) {
      // Who has told them once is asked by the events themselves; who never has is not known to take in anything.
      if (this.#askedAt === -Infinity) throw error;
    }
    return this.#types;
  };

  async accept(events: readonly EventEnvelope[]): Promise<readonly Verdict[]> {
    const verdicts: Verdict[] = [];
    for (const part of partsOf(events)) {
      const { verdicts: some } = taken.parse(await this.#ask('POST', `{"events":[${part.join(',')}]}`));
      if (some.length !== part.length) throw new ServiceUnavailableError(this.name, true);
      verdicts.push(...some);
    }
    return verdicts;
  }

  async #ask(method: 'GET' | 'POST', body?: string): Promise<unknown> {
    const { status, body: answer } = await this.client.request(this.name, {
      method, path: EVENTS_PATH, body, repeatable: true, timeoutMs: TIMEOUT_MS, headers: body === undefined ? {} : { 'content-type': 'application/json' },
    });
    const read = JSON.parse(answer.toString()) as { error?: { code?: unknown } };
    if (status !== 200) throw Object.assign(new ServiceUnavailableError(this.name, true), { code: String(read.error?.code ?? status) });
    return read;
  }
}

/** Cut by size: a batch of large events must not be refused for ever. */
function* partsOf(events: readonly EventEnvelope[]): Generator<string[]> {
  let part: string[] = [];
  let bytes = 0;
  for (const event of events) {
    const text = JSON.stringify(event);
    if (part.length > 0 && bytes + text.length > BATCH_BYTES) {
      yield part;
      part = [];
      bytes = 0;
    }
    part.push(text);
    bytes += text.length;
  }
  if (part.length > 0) yield part;
}
