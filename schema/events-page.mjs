// docs/events.md from the contracts and from who consumes them.
import * as events from '@quanyu/events';
import { z } from 'zod';

const definitions = Object.values(events)
  .flatMap((value) => (typeof value === 'function' && 'schema' in value ? [value] : typeof value === 'object' && value !== null ? Object.values(value) : []))
  .filter((value) => typeof value === 'function' && 'schema' in value);

const typeOf = (field) => {
  if (field.anyOf) return field.anyOf.map(typeOf).join(' or ');
  if (field.enum) return field.enum.map((value) => `\`${value}\``).join(', ');
  if (field.type === 'array') return `list of ${typeOf(field.items)}`;
  if (field.type === 'object') return `{ ${Object.keys(field.properties ?? {}).join(', ')} }`;
  return field.format ?? field.type ?? 'any';
};

/** What each event promises to those who take it in. */
export const eventContracts = (subgraphs) => Object.fromEntries([...definitions].sort((a, b) => (a.type < b.type ? -1 : 1)).map(({ type, schema }) => [
  type, { schema: z.toJSONSchema(schema, { unrepresentable: 'any' }), consumers: consumersOf(subgraphs, type) },
]));

const consumersOf = (subgraphs, type) => subgraphs.filter(({ consumers }) => consumers.some((consumer) => consumer.type === type)).map(({ name }) => name);

/** The page: one section an owner, one table an event. */
export function eventsPage(subgraphs) {
  const ofEach = ['event-parked.v1', 'event-replayed.v1'].map((name) => ({ name, family: definitions.filter(({ type }) => type.endsWith(`.${name}`)) }));
  const families = ofEach.flatMap(({ family }) => family);
  const lines = [
    '# Events', '',
    'What subgraphs tell each other. Written by `npm run schema` from `packages/events`; do not edit.', '',
    'Each event travels in an envelope in the words of CloudEvents: `id type source subject time data`, with `tenantId correlationId causationId sequence`. Events of one subject keep their order; a consumer takes each in once.', '',
  ];
  for (const owner of [...new Set(definitions.map((definition) => definition.owner))].sort()) {
    lines.push(`## ${owner}`, '');
    for (const definition of definitions.filter((candidate) => candidate.owner === owner && !families.includes(candidate))) {
      const schema = z.toJSONSchema(definition.schema, { unrepresentable: 'any' });
      const consumers = consumersOf(subgraphs, definition.type);
      lines.push(`### ${definition.type}`, '', definition.summary, '', `Consumed by: ${consumers.length > 0 ? consumers.join(', ') : 'nobody inside; live views may follow it'}.`, '');
      lines.push('| field | type | |', '|---|---|---|');
      for (const [name, field] of Object.entries(schema.properties ?? {})) lines.push(`| ${name} | ${typeOf(field)} | ${field.description ?? ''} |`);
      lines.push('');
    }
  }
  lines.push('## Every subgraph', '');
  for (const { name, family: [first] } of ofEach) lines.push(`### <subgraph>.${name}`, '', first.summary, '', `Consumed by: ${consumersOf(subgraphs, first.type).join(', ') || 'nobody'}.`, '');
  return `${lines.join('\n').trimEnd()}\n`;
}
