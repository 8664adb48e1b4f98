// Every subgraph on a port of its own, in one process: a body that was answered once is answered from memory.
// GET /calls tells and resets how many calls came.
import { createServer } from 'node:http';
import { execute, parse } from 'graphql';
import { subgraphSchemas } from './subgraph-schemas.mjs';

process.once('disconnect', () => process.exit());

const MOST_REMEMBERED = 100_000;
const answers = new Map();
let calls = 0;

async function answerTo(name, schema, body) {
  const key = `${name} ${body}`;
  const known = answers.get(key);
  if (known !== undefined) return known;
  const { query, variables, operationName } = JSON.parse(body);
  const text = Buffer.from(JSON.stringify(await execute({ schema, document: parse(query), variableValues: variables, operationName })));
  if (answers.size < MOST_REMEMBERED) answers.set(key, text);
  return text;
}

const serve = (name, schema) => new Promise((resolve) => {
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    if (request.method === 'GET') {
      response.end(JSON.stringify({ calls }));
      calls = 0;
      return;
    }
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', async () => {
      calls += 1;
      const text = await answerTo(name, schema, Buffer.concat(chunks).toString());
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': text.length });
      response.end(text);
    });
  });
  server.listen(0, '127.0.0.1', () => resolve([name, `http://127.0.0.1:${server.address().port}`]));
});

process.send(Object.fromEntries(await Promise.all(Object.entries(subgraphSchemas()).map(([name, schema]) => serve(name, schema)))));
