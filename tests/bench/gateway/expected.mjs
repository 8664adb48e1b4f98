import { readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { buildSchema, execute, parse } from 'graphql';
import { PAGES, RESOLVERS, TYPES } from './world.mjs';

/**
 * The questions of each workload with the answers that are right: those of one schema of all subgraphs together, run by
 * graphql-js. A digest of them is committed, so that a change of the data is noticed.
 */
export async function expectedAnswers(workloads) {
  const schema = merged();
  const questions = {};
  for (const { name, query, variables } of workloads) {
    questions[name] = await Promise.all(Array.from({ length: PAGES }, async (_, n) => {
      const { data, errors } = await execute({ schema, document: parse(query), variableValues: variables(n) });
      if (errors) throw errors[0];
      return { body: JSON.stringify({ query, variables: variables(n) }), expected: { data: JSON.parse(JSON.stringify(data)) } };
    }));
    const digest = createHash('sha256').update(JSON.stringify(questions[name].map(({ expected }) => expected))).digest('hex');
    const committed = JSON.parse(readFileSync(new URL('./expected.json', import.meta.url), 'utf8'))[name];
    if (digest !== committed) throw new Error(`The expected answers of ${name} have changed: ${digest}`);
  }
  return questions;
}

/** Every type with the fields of all its subgraphs; a field is resolved by whoever resolves it there, of the entity it makes. */
function merged() {
  const fields = new Map();
  for (const [name, types] of Object.entries(TYPES)) {
    for (const [, type, body] of types.matchAll(/type (\w+)[^{]*\{([^}]*)\}/g)) {
      for (const [text, field] of body.matchAll(/(\w+)(?:\([^)]*\))?: [\w![\]]+(?: @\w+(?:\([^)]*\))?)*/g)) {
        if (text.includes('@external')) continue;
        const known = fields.get(type) ?? fields.set(type, new Map()).get(type);
        if (!known.has(field)) known.set(field, { text: text.replace(/ @.*$/, ''), subgraph: name });
      }
    }
  }
  const schema = buildSchema([...fields].map(([type, known]) => `type ${type} { ${[...known.values()].map(({ text }) => text).join(' ')} }`).join('\n'));
  for (const [type, known] of fields) {
    for (const [field, { subgraph }] of known) {
      const { __resolveReference: find = (it) => it, [field]: resolve } = RESOLVERS[subgraph][type] ?? {};
      const whole = (parent) => (type === 'Query' || type === 'Money' || type === 'Line' || type === 'Review' || type === 'Order' ? parent : { ...parent, ...find(parent) });
      // What a field requires of its entity is there too: the product with its price and weight.
      const required = (parent) => (subgraph === 'inventory' ? RESOLVERS.products.Product.__resolveReference(parent) : whole(parent));
      schema.getType(type).getFields()[field].resolve = (parent, args) => (resolve ? resolve(required(parent), args) : whole(parent)[field]);
    }
  }
  return schema;
}
