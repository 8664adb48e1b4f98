import { BrokenCircuitError, bulkhead, BulkheadRejectedError, circuitBreaker, ConsecutiveBreaker, ExponentialBackoff, handleWhen, retry, wrap, type IPolicy } from 'cockatiel';
import ipaddr from 'ipaddr.js';
import { Agent, request, type Dispatcher } from 'undici';
import { withFiles, type FileLogin } from './file-session.js';
import { PlatformError } from './platform-error.js';
import { publicLookup } from './public-address.js';
import type { RemoteFiles } from './remote-files.js';
import { TokenBucket, type Rate } from './token-bucket.js';

/** One call to a platform. */
export interface PlatformRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** The platform's real address, https. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Whether it may be sent again when its answer got lost. */
  readonly repeatable: boolean;
  /** In units of the rate limit; 1 by default. */
  readonly cost?: number;
  /** What an answer, good by its status or not, means on this platform; undefined leaves it to the status. */
  readonly judge?: (answer: PlatformAnswer) => PlatformError | undefined;
}
export interface PlatformAnswer { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: Buffer }

/** The line to one shop: calls in turn, within its limits, cut off from all other shops. */
export interface Line {
  /** @throws PlatformError for whatever is not a 2xx */
  send(request: PlatformRequest): Promise<PlatformAnswer>;
  /** Signs in to a server of files (SFTP), works there, and hangs up. @param repeatable as of a request @throws PlatformError */
  files<T>(login: FileLogin, repeatable: boolean, work: (files: RemoteFiles) => Promise<T>): Promise<T>;
  readonly bucket: TokenBucket;
}

export interface OutboundOptions {
  /** Everything goes to this origin instead, with the real host in the `host` header: a sandbox, or a proxy at the border. */
  readonly via?: string | null;
  readonly timeoutMs?: number;
  /** Before the second try; the third waits longer. */
  readonly backoffMs?: number;
  /** How long a line stays cut after too many failures. */
  readonly brokenMs?: number;
}

const TIMEOUT_MS = 15_000;
const MAX_ANSWER_BYTES = 32 * 1024 * 1024;
const CALLS_AT_ONCE = 4;
const CALLS_WAITING = 200;
const QUICK_TRIES = 3;
const FAILURES_IN_A_ROW = 5;

/** The only door to the outside: public addresses, https, no redirects, a timeout, and a line of its own for each shop. */
export class Outbound {
  readonly #agent: Agent;
  readonly #lines = new Map<string, Line>();

  constructor(private readonly options: OutboundOptions = {}) {
    // Agents follow no redirects unless told to: an address that we were sent to is never asked.
    this.#agent = new Agent({ connections: 16, connect: { lookup: options.via ? undefined : publicLookup, timeout: 5_000 }, keepAliveTimeout: 30_000 });
  }

  /** @param key the shop and the app that asks for it: what the platform counts calls by */
  line(key: string, rate: Rate): Line {
    const known = this.#lines.get(key);
    if (known !== undefined) return known;
    const bucket = new TokenBucket(rate);
    const policies = { repeatable: policyOf(true, this.options), once: policyOf(false, this.options) };
    const guard = circuit(this.options);
    const within = <T>(repeatable: boolean, cost: number | undefined, call: () => Promise<T>): Promise<T> => execute(policies[repeatable ? 'repeatable' : 'once'], guard, async () => {
      await bucket.take(cost);
      return call().catch((error: unknown) => {
        if (error instanceof PlatformError && error.code === 'THROTTLED') bucket.pause(error.retryAfterMs ?? 1000);
        throw error;
      });
    });
    const line: Line = {
      bucket,
      send: (call) => within(call.repeatable, call.cost, () => this.#send(call)),
      files: (login, repeatable, work) => within(repeatable, 1, () => withFiles(login, { via: this.options.via ?? null, timeoutMs: this.options.timeoutMs ?? TIMEOUT_MS }, work)),
    };
    this.#lines.set(key, line);
    return line;
  }

  close(): Promise<void> {
    return this.#agent.close();
  }

  async #send({ method, url, headers = {}, body, judge }: PlatformRequest): Promise<PlatformAnswer> {
    const target = addressOf(url);
    const origin = this.options.via ? new URL(this.options.via).origin : target.origin;
    const answer = await request(`${origin}${target.pathname}${target.search}`, {
      method, body: body ?? null, headers: { ...headers, host: target.host }, dispatcher: this.#agent,
      signal: AbortSignal.timeout(this.options.timeoutMs ?? TIMEOUT_MS),
    }).catch((error: unknown) => { throw failure(error, target.hostname); });
    const read: PlatformAnswer = { status: answer.statusCode, headers: plain(answer.headers), body: await bodyOf(answer, target.hostname) };
    const good = read.status >= 200 && read.status < 300;
    const error = judge?.(read) ?? (good ? undefined : refusal(read, target.hostname));
    if (error === undefined) return read;
    throw error;
  }
}

function addressOf(url: string): URL {
  const target = new URL(url);
  // Numbers are never looked up, so they are refused here: no platform lives at one.
  const isNumber = ipaddr.isValid(target.hostname.replace(/^\[|\]$/g, ''));
  if (target.protocol !== 'https:' || target.username !== '' || target.port !== '' || isNumber) throw new PlatformError('ADDRESS_NOT_ALLOWED', { host: target.hostname });
  return target;
}

const plain = (headers: Dispatcher.ResponseData['headers']): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, Array.isArray(value) ? value[0]! : value]])));

async function bodyOf({ body }: Dispatcher.ResponseData, host: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > MAX_ANSWER_BYTES) throw new PlatformError('ANSWER_INVALID', { host });
      chunks.push(chunk);
    }
  } catch (error) {
    throw failure(error, host);
  }
  return Buffer.concat(chunks);
}

function failure(error: unknown, host: string): PlatformError {
  if (error instanceof PlatformError) return error;
  const { name, code, cause } = error as { readonly name?: string; readonly code?: string; readonly cause?: unknown };
  if (cause instanceof PlatformError) return cause;
  const late = name === 'TimeoutError' || code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT';
  return new PlatformError(late ? 'PLATFORM_TIMEOUT' : 'PLATFORM_UNREACHABLE', { host, cause: error });
}

function refusal({ status, headers }: PlatformAnswer, host: string): PlatformError {
  if (status === 429) return new PlatformError('THROTTLED', { host, status, retryAfterMs: retryAfter(headers) });
  if (status === 401 || status === 403) return new PlatformError('CREDENTIALS_REFUSED', { host, status });
  if (status === 404) return new PlatformError('NOT_FOUND', { host, status });
  if (status >= 500) return new PlatformError('PLATFORM_DOWN', { host, status, retryAfterMs: retryAfter(headers) });
  return new PlatformError(status >= 400 ? 'REQUEST_REFUSED' : 'ANSWER_INVALID', { host, status });
}

/** In seconds by the standard; platforms that count differently say so under names of their own. */
function retryAfter(headers: Readonly<Record<string, string>>): number | undefined {
  const seconds = headers['retry-after'] ?? headers['x-rate-limit-reset'] ?? headers['x-ratelimit-reset-after'];
  return seconds !== undefined && /^\d{1,5}(\.\d+)?$/.test(seconds) ? Math.ceil(Number(seconds) * 1000) : undefined;
}

const isPassing = (error: unknown): boolean => error instanceof PlatformError && error.passing;

const circuit = ({ brokenMs = 30_000 }: OutboundOptions) => circuitBreaker(handleWhen(isPassing), {
  halfOpenAfter: new ExponentialBackoff({ initialDelay: brokenMs, maxDelay: 10 * brokenMs }),
  breaker: new ConsecutiveBreaker(FAILURES_IN_A_ROW),
});

/** A call that changes something is only sent again when it was refused before it was looked at. */
function policyOf(repeatable: boolean, { backoffMs = 500 }: OutboundOptions): IPolicy {
  const again = handleWhen((error: unknown) => (repeatable ? isPassing(error) : error instanceof PlatformError && error.code === 'THROTTLED'));
  return wrap(
    bulkhead(CALLS_AT_ONCE, CALLS_WAITING),
    retry(again, { maxAttempts: QUICK_TRIES - 1, backoff: new ExponentialBackoff({ initialDelay: backoffMs, maxDelay: 16 * backoffMs }) }),
  );
}

async function execute<T>(policy: IPolicy, guard: ReturnType<typeof circuit>, call: () => Promise<T>): Promise<T> {
  try {
    return await policy.execute(() => guard.execute(call)) as T;
  } catch (error) {
    if (error instanceof BrokenCircuitError) throw new PlatformError('CIRCUIT_OPEN', { cause: error });
    if (error instanceof BulkheadRejectedError) throw new PlatformError('TOO_MANY_CALLS', { cause: error });
    throw error;
  }
}
