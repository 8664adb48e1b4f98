import { GraphQLError } from 'graphql';
import { BoundedMap } from '../bounded-map.js';
import type { ServedGraph } from '../plan/apollo-gateway.js';
import { chooseOperation } from '../plan/operation.js';
import { presentError, type Audience } from '../present-error.js';
import type { Asked } from './asked.js';
import { stringifyResult, type HttpContext } from './exchange.js';

/** A single answer that is ready to be sent. */
export interface Outcome { readonly status: number; readonly type: string; readonly text: string }

/** Runs a request anew of which all has been checked before. */
export type Repeat = (context: HttpContext, audience: Audience) => Promise<Outcome>;

const MOST_ACCEPTED = 100;

/**
 * Requests that differ from earlier ones in their variables alone. Apollo Server has parsed and validated the document for
 * this supergraph and has chosen the type of the answer for this Accept header; to have it do so again costs more than many
 * a query. What is unusual about a request, or new, goes to Apollo Server.
 */
export class Repeats {
  readonly #types = new BoundedMap<string, string>(MOST_ACCEPTED);

  constructor(private readonly graph: Pick<ServedGraph, 'passed' | 'run'>) {}

  /** Notes what type of answer Apollo Server has chosen for an Accept header. */
  learn(accept: string, type: string | undefined): void {
    if (type !== undefined && this.#types.get(accept) === undefined) this.#types.set(accept, type);
  }

  /** undefined for whatever Apollo Server has to look at. A body there is only of a content type that no page can send unasked. */
  of(accept: string, { body }: Asked): Repeat | undefined {
    if (!isRecord(body)) return undefined;
    const { query, operationName, variables, extensions } = body;
    if (typeof query !== 'string' || !isAbsent(operationName) && typeof operationName !== 'string') return undefined;
    if (!isAbsent(variables) && !isRecord(variables) || !isAbsent(extensions) && (!isRecord(extensions) || 'persistedQuery' in extensions)) return undefined;
    const type = this.#types.get(accept);
    const document = type === undefined ? undefined : this.graph.passed(query);
    if (type === undefined || document === undefined) return undefined;
    const operation = chooseOperation(query, document, operationName, variables);
    if (operation instanceof GraphQLError) return undefined;
    return async (context, audience) => {
      context.exchange.wellFormed = true;
      const { data, errors, extensions: told } = await this.graph.run(operation, context, extensions);
      // As Apollo Server has it: nothing was run.
      const status = errors !== undefined && data === undefined ? 400 : 200;
      return { status, type, text: stringifyResult({ errors: errors?.map((error) => presentError(error, audience)), data, extensions: told }) };
    };
  }
}

const isAbsent = (value: unknown): value is null | undefined => value === null || value === undefined;
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
