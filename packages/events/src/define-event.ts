import { z } from 'zod';

/** What a command hands to `record`: the event before it has an id and a place in the log. */
export interface EventDraft<Type extends string = string, Data = unknown> {
  readonly type: Type;
  readonly tenantId: string;
  /** What the event is about; events of one subject keep their order. */
  readonly subject: string;
  /** Grows with each change of the subject; projections keep the highest and ignore lower ones. */
  readonly sequence: number;
  readonly data: Data;
}

/** An event as consumers get it, in the words of CloudEvents. `data` has the shape of its type's schema. */
export interface EventEnvelope<Type extends string = string, Data = unknown> extends EventDraft<Type, Data> {
  readonly id: string;
  /** The subgraph that owns the event. */
  readonly source: string;
  /** When it was recorded, by the database's clock; RFC 3339. */
  readonly time: string;
  /** Same for everything that one request from outside set off. */
  readonly correlationId: string | null;
  /** Id of the event or delivery that led to this one. */
  readonly causationId: string | null;
  /** Where it was recorded in its trace (W3C Trace Context); null or absent where nothing was traced. */
  readonly traceparent?: string | null;
}

/** A published contract: calling it makes a draft. */
export interface EventDefinition<Type extends string, Schema extends z.ZodType> {
  (input: { readonly tenantId: string; readonly sequence: number; readonly data: z.output<Schema> }): EventDraft<Type, z.output<Schema>>;
  readonly type: Type;
  readonly owner: string;
  readonly summary: string;
  readonly schema: Schema;
}

/** Envelope type of a definition: `EventOf<typeof orderPlaced>`. */
export type EventOf<D> = D extends EventDefinition<infer Type, infer Schema> ? EventEnvelope<Type, z.output<Schema>> : never;

const TYPE_NAME = /^([a-z]+)\.[a-z]+(-[a-z]+)*\.v[1-9]\d*$/;

/**
 * Defines an event `owner.noun-verbed.vN`.
 * @param about one sentence for docs/events.md, and which field of the data is the subject.
 */
export function defineEvent<const Type extends string, Schema extends z.ZodType>(
  type: Type,
  about: { readonly summary: string; readonly subject: (data: z.output<Schema>) => string },
  schema: Schema,
): EventDefinition<Type, Schema> {
  const owner = TYPE_NAME.exec(type)?.[1];
  if (owner === undefined) throw new Error(`${type} is not of the form owner.noun-verbed.vN`);
  const make = (input: { tenantId: string; sequence: number; data: z.output<Schema> }): EventDraft<Type, z.output<Schema>> => ({
    type, tenantId: input.tenantId, sequence: input.sequence, subject: about.subject(input.data), data: input.data,
  });
  return Object.assign(make, { type, owner, summary: about.summary, schema });
}
