import { isEnumType, isInputObjectType, isInterfaceType, isIntrospectionType, isObjectType, type GraphQLSchema } from 'graphql';

/** Something of the graph that clients should leave. */
export interface Deprecation {
  /** `Type.field`, `Type.field.argument`, `Input.field` or `Enum.VALUE`. */
  readonly coordinate: string;
  readonly reason: string;
}

const FORM = /^(?:Use (?<instead>[A-Za-z_]\w*(?:\.\w+){0,2})|Nothing takes its place: [^;]+); until (?<until>\d{4}-\d{2}-\d{2})\.?$/;
const ADVICE = 'write "Use Type.field; until YYYY-MM-DD" or "Nothing takes its place: why; until YYYY-MM-DD"';

/** The last day on which a deprecated thing is promised, `YYYY-MM-DD`; undefined when the reason names none. */
export const promisedUntil = (reason: string): string | undefined => {
  const until = FORM.exec(reason)?.groups?.['until'];
  return until !== undefined && isDay(until) ? until : undefined;
};

/** What every `@deprecated` owes: a reason that says what to use instead, which must exist, and until when it is promised. */
export function deprecationFaults(schema: GraphQLSchema): string[] {
  const all = coordinates(schema);
  return deprecations(schema).flatMap(({ coordinate, reason }) => {
    const groups = FORM.exec(reason)?.groups;
    if (groups === undefined || !isDay(groups['until']!)) return [`${coordinate} is deprecated with "${reason}": ${ADVICE}.`];
    const { instead } = groups;
    return instead === undefined || all.has(instead) ? [] : [`${coordinate} is deprecated in favour of ${instead}, which is not in the graph.`];
  });
}

/** A promise that has been published is kept: its day does not move nearer. */
export function shortenedPromises(before: GraphQLSchema, after: GraphQLSchema): string[] {
  const promised = new Map(deprecations(before).map(({ coordinate, reason }) => [coordinate, promisedUntil(reason)]));
  return deprecations(after).flatMap(({ coordinate, reason }) => {
    const [was, is] = [promised.get(coordinate), promisedUntil(reason)];
    return was !== undefined && is !== undefined && is < was ? [`${coordinate} was promised until ${was}; ${is} is earlier.`] : [];
  });
}

/** Everything that is deprecated in a graph. */
export const deprecations = (schema: GraphQLSchema): Deprecation[] =>
  [...elements(schema)].flatMap(({ coordinate, deprecationReason }) => (typeof deprecationReason !== 'string' ? [] : [{ coordinate, reason: deprecationReason }]));

const coordinates = (schema: GraphQLSchema): Set<string> => new Set([...elements(schema)].map(({ coordinate }) => coordinate));

interface Element { readonly coordinate: string; readonly deprecationReason?: string | null | undefined }

function* elements(schema: GraphQLSchema): Generator<Element> {
  for (const type of Object.values(schema.getTypeMap())) {
    if (isIntrospectionType(type)) continue;
    yield { coordinate: type.name };
    if (isEnumType(type)) for (const { name, deprecationReason } of type.getValues()) yield { coordinate: `${type.name}.${name}`, deprecationReason };
    if (isInputObjectType(type)) for (const { name, deprecationReason } of Object.values(type.getFields())) yield { coordinate: `${type.name}.${name}`, deprecationReason };
    if (!isObjectType(type) && !isInterfaceType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      yield { coordinate: `${type.name}.${field.name}`, deprecationReason: field.deprecationReason };
      for (const { name, deprecationReason } of field.args) yield { coordinate: `${type.name}.${field.name}.${name}`, deprecationReason };
    }
  }
}

/** A day of the calendar: 2027-02-30 has the form of one and is none. */
const isDay = (text: string): boolean => {
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
};
