import { setTimeout as sleep } from 'node:timers/promises';
import type { Readable } from 'node:stream';
import { traceHeaders } from '@quanyu/telemetry';
import { Pool, type Dispatcher } from 'undici';
import { BrokenOff, exchange, type WholeAnswer } from './exchange.js';
import type { ServiceUrls } from './settings.js';
import type { ServiceTokens } from './tokens.js';

/** One request to another service. */
export interface ServiceRequest {
  readonly method?: 'GET' | 'POST';
  readonly path: string;
  readonly body?: string | Buffer;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** Does no harm twice: it is sent again when nobody knows whether it arrived. */
  readonly repeatable: boolean;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export type ServiceAnswer = WholeAnswer;

/** A service did not answer. Its message names no address: it may reach a client. */
export class ServiceUnavailableError extends Error {
  readonly code = 'SERVICE_UNAVAILABLE';
  readonly safeMessage = true;
  /** @param reached whether the request may have been worked on. */
  constructor(readonly service: string, readonly reached: boolean, options?: ErrorOptions) {
    super(`The service ${service} did not answer`, options);
    this.name = 'ServiceUnavailableError';
  }
}

/** By this header a service says that it is about to stop; its value `refused` means that the request was not worked on. */
export const DRAINING_HEADER = 'x-draining';

const CONNECTIONS = 64;
/** Shorter than any service's grace: a socket that is idle for longer is never used, so that none is closed under a request. */
const IDLE_SOCKET_MS = 1_000;
const CONNECT_MS = 2_000;
const TIMEOUT_MS = 20_000;
/** Whoever answers more is broken; it must not break who asked. */
const LARGEST_ANSWER = 32 * 1024 * 1024;
const REST_MS = { failed: 1_000, draining: 10_000 } as const;
const PAUSE_MS = 100;
/** Of failures before a byte of the request has left. */
const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT', 'ETIMEDOUT']);

/**
 * Reaches other services over kept-alive connections, with a token for each. Of several processes behind a name it
 * takes the next one that is well; a request that cannot have arrived is tried at the others.
 */
export class ServiceClient {
  readonly #services = new Map<string, Service>();
  #closed = false;

  constructor(private readonly tokens: ServiceTokens, private readonly urls: ServiceUrls) {}

  /** Names of the services that have an address. */
  get names(): readonly string[] { return [...this.urls.keys()]; }

  /** @throws ServiceUnavailableError */
  async request(service: string, request: ServiceRequest): Promise<ServiceAnswer> {
    return this.#send(service, request, ({ pool }, options) => exchange(pool, options, request.signal), () => undefined);
  }

  /** Begins a request whose answer goes on; the connection is its own until the body ends or is destroyed. */
  async open(service: string, request: ServiceRequest): Promise<{ readonly status: number; readonly headers: ServiceAnswer['headers']; readonly body: Readable }> {
    return this.#send(service, request, async ({ streams }, options) => {
      const { statusCode, headers, body } = await streams.request({ ...options, signal: request.signal ?? null });
      return { status: statusCode, headers, body };
    }, ({ body }) => body.dump());
  }

  /** Closes all connections; what is under way ends with an error. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#services.values()].flatMap(({ addresses }) => addresses.map((address) => address.close())));
  }

  async #send<Answer extends Pick<ServiceAnswer, 'status' | 'headers'>>(
    name: string, request: ServiceRequest, via: (address: Address, options: Dispatcher.DispatchOptions) => Promise<Answer>, discard: (answer: Answer) => unknown,
  ): Promise<Answer> {
    const service = this.#serviceOf(name);
    const authorization = await this.tokens.headerFor(name);
    let cause: unknown;
    let reached = false;
    for (const address of service.inOrder()) {
      if (this.#closed) break;
      if (address === 'pause') {
        await sleep(PAUSE_MS);
        continue;
      }
      try {
        const response = await via(address, {
          method: request.method ?? 'POST', path: request.path, body: request.body ?? null,
          headers: { ...request.headers, authorization, ...traceHeaders() }, headersTimeout: request.timeoutMs ?? TIMEOUT_MS, bodyTimeout: request.timeoutMs ?? TIMEOUT_MS,
        });
        const draining = response.headers[DRAINING_HEADER];
        if (draining !== undefined) address.rest(REST_MS.draining);
        else address.restUntil = 0;
        if (draining !== 'refused') return response;
        await discard(response);
      } catch (error) {
        if (error instanceof BrokenOff) throw new ServiceUnavailableError(name, true, { cause: error.cause });
        cause = error;
        const sent = !NEVER_SENT.has(codeOf(error));
        reached ||= sent;
        if (!sent) address.rest(REST_MS.failed);
        if (request.signal?.aborted === true || (sent && !request.repeatable)) break;
      }
    }
    throw new ServiceUnavailableError(name, reached, { cause });
  }

  #serviceOf(name: string): Service {
    let service = this.#services.get(name);
    if (service === undefined) {
      const urls = this.urls.get(name);
      if (urls === undefined) throw new ServiceUnavailableError(name, false);
      this.#services.set(name, service = new Service(urls.map((url) => new Address(url))));
    }
    return service;
  }
}

/** The processes behind one name. */
class Service {
  #next = 0;
  constructor(readonly addresses: readonly Address[]) {}

  /** In which order to try: the well ones in turn, then those at rest, and after a pause once more. */
  * inOrder(): Generator<Address | 'pause'> {
    const now = performance.now();
    const start = this.#next++;
    const turned = this.addresses.map((_, n) => this.addresses[(start + n) % this.addresses.length]!);
    const well = turned.filter((address) => address.restUntil <= now);
    yield* well;
    yield* turned.filter((address) => address.restUntil > now);
    // Where all are known to be away nobody is made to wait for them.
    if (well.length === 0) return;
    yield 'pause';
    yield* turned;
  }
}

class Address {
  readonly #origin: string;
  #pool: Pool | undefined;
  #streams: Pool | undefined;
  restUntil = 0;

  constructor(origin: string) { this.#origin = origin; }

  get pool(): Pool { return (this.#pool ??= new Pool(this.#origin, { ...OPTIONS, connections: CONNECTIONS, maxResponseSize: LARGEST_ANSWER })); }
  /** Apart from the others: a stream keeps its connection for hours. */
  get streams(): Pool { return (this.#streams ??= new Pool(this.#origin, OPTIONS)); }

  rest(ms: number): void { this.restUntil = performance.now() + ms; }

  async close(): Promise<void> {
    await Promise.all([this.#pool?.destroy(), this.#streams?.destroy()]);
  }
}

const OPTIONS = { pipelining: 1, keepAliveTimeout: IDLE_SOCKET_MS, keepAliveMaxTimeout: IDLE_SOCKET_MS, connect: { timeout: CONNECT_MS } } as const;

function codeOf(error: unknown): string {
  const { code, errors } = error as { code?: unknown; errors?: readonly unknown[] };
  // Several addresses behind one host name: refused by all of them.
  if (code === undefined && errors !== undefined && errors.length > 0) return codeOf(errors[0]);
  return String(code);
}
