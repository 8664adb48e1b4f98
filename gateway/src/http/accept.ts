/** What a client takes, as far as it matters here. */
export interface Acceptance {
  /** For the server's own choice between the two JSON types. */
  readonly single: string;
  /** Asks for `application/json` by name, where a faulty document is answered with 200. */
  readonly plainJson: boolean;
  /** Nothing but a stream will do, also for a single answer. */
  readonly onlyStream: boolean;
  /** Deferred parts as multipart (incremental delivery, spec of 2022-08-24). */
  readonly parts: boolean;
  /** Server-sent events (graphql-sse, distinct connections). */
  readonly events: boolean;
  /** Subscriptions as multipart (Apollo's subscriptionSpec 1.0). */
  readonly subscriptionParts: boolean;
}

const LONGEST = 2_000;
const JSON_RANGES = new Set(['*/*', 'application/*', 'application/json', 'application/graphql-response+json']);

/** Reads an Accept header (RFC 9110). */
export function acceptanceOf(header: string | undefined): Acceptance {
  const ranges = (header ?? '*/*').slice(0, LONGEST).split(',').map(rangeOf).filter(({ refused }) => !refused);
  const multipart = ranges.filter(({ type }) => type === 'multipart/mixed');
  const json = ranges.some(({ type }) => JSON_RANGES.has(type));
  const events = ranges.some(({ type }) => type === 'text/event-stream');
  const subscriptionParts = multipart.some(({ parameters }) => parameters.has('subscriptionspec'));
  const parts = multipart.some(({ parameters }) => !parameters.has('subscriptionspec') && (parameters.get('deferspec') ?? '20220824') === '20220824' && !parameters.has('incrementalspec'));
  const streams = parts || events || subscriptionParts;
  return { single: json || !streams ? (header ?? '*/*') : 'application/json', plainJson: ranges.some(({ type }) => type === 'application/json'), onlyStream: !json && events, parts, events, subscriptionParts };
}

function rangeOf(text: string): { readonly type: string; readonly parameters: ReadonlyMap<string, string>; readonly refused: boolean } {
  const [type = '', ...rest] = text.split(';').map((part) => part.trim().toLowerCase());
  const parameters = new Map(rest.map((part) => {
    const at = part.indexOf('=');
    return at < 0 ? [part, ''] as const : [part.slice(0, at).trim(), part.slice(at + 1).trim().replace(/^"|"$/g, '')] as const;
  }));
  return { type, parameters, refused: Number(parameters.get('q') ?? 1) === 0 };
}
