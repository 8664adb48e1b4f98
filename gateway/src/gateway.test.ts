import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { configureLog } from '@quanyu/telemetry';
import { startShop, type Shop } from './test-graph.test.js';

interface Answer {
  status: number;
  headers: Headers;
  text: string;
  body: { data?: Record<string, unknown> | null; errors?: { message: string; path?: unknown[]; locations?: unknown; extensions: Record<string, unknown> }[] };
}

const lines: string[] = [];
let shop: Shop;
beforeAll(async () => {
  configureLog({ destination: { write: (line: string) => lines.push(line) } });
  shop = await startShop();
});
afterAll(() => shop.gateway.close());
beforeEach(() => {
  lines.length = 0;
  shop.fetches.length = 0;
});

async function post(body: unknown, headers: Record<string, string> = {}, at = shop): Promise<Answer> {
  const answer = await fetch(`${at.gateway.url}/graphql`, {
    method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, text, body: JSON.parse(text) as Answer['body'] };
}
const ask = (query: string, headers: Record<string, string> = {}, variables: unknown = undefined): Promise<Answer> => post({ query, variables }, headers);
const chinese = { 'accept-language': 'zh-CN,zh;q=0.9,en;q=0.8' };

describe('queries and mutations', () => {
  it('joins three subgraphs, one fetch for each', async () => {
    const { status, body } = await ask('{ products { name available buyer } }');
    expect(status).toBe(200);
    expect(body).toEqual({ data: { products: [
      { name: 'Tea', available: 10, buyer: 'buyer 1' }, { name: 'Cup', available: 20, buyer: 'buyer 2' }, { name: 'Pot', available: 30, buyer: 'buyer 3' },
    ] } });
    expect(shop.fetches.map(({ subgraph }) => subgraph).sort()).toEqual(['catalog', 'people', 'stock']);
  });

  it('keeps aliases, variables and the operation that is named', async () => {
    const query = 'query A($id: ID!) { one: product(id: $id) { is: available called: name } } mutation B($id: ID!) { rename(id: $id, name: "Mug") { name available } }';
    expect((await post({ query, operationName: 'A', variables: { id: '2' } })).body).toEqual({ data: { one: { is: 20, called: 'Cup' } } });
    expect((await post({ query, operationName: 'B', variables: { id: '2' } })).body).toEqual({ data: { rename: { name: 'Mug', available: 20 } } });
  });

  it('gives null for what is not there, and does not ask further', async () => {
    expect((await ask('{ product(id: "9") { name available } }')).body).toEqual({ data: { product: null } });
    expect(shop.fetches).toHaveLength(1);
  });

  it('takes a GET of a query, but of no mutation', async () => {
    const get = (query: string) => fetch(`${shop.gateway.url}/graphql?query=${encodeURIComponent(query)}`, { headers: { 'apollo-require-preflight': '1' } });
    expect(await (await get('{ me }')).json()).toEqual({ data: { me: 'anonymous' } });
    expect((await get('mutation { rename(id: "1", name: "x") { id } }')).status).toBe(405);
    expect(shop.fetches).toHaveLength(1);
  });
});

describe('errors', () => {
  it('tells our own in the language of the one who asks, with code, request id and path', async () => {
    const { body } = await ask('{ closed me }', { ...chinese, authorization: 'Bearer good', 'x-request-id': 'req-from-client-1' });
    expect(body).toEqual({
      data: { closed: null, me: 'stf_1' },
      errors: [{ message: '您的角色无权执行此操作。', path: ['closed'], extensions: { code: 'FORBIDDEN', requestId: 'req-from-client-1' } }],
    });
    expect((await ask('{ closed }')).body.errors?.[0]).toMatchObject({ message: expect.stringContaining('Sign in'), extensions: { code: 'UNAUTHENTICATED' } });
  });

  it.each(['{ crash }', '{ coded }'])('tells nothing of an accident, and logs it under the request id: %s', async (query) => {
    const { status, body, text } = await ask(query, { 'x-request-id': 'req-accident-1' });
    expect(status).toBe(200);
    expect(body.errors).toEqual([{
      message: 'Something went wrong on our side; quote this request id.', path: [query.slice(2, -2)],
      extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'req-accident-1' },
    }]);
    expect(text).not.toMatch(/people|ledger|10\.0|stack|SQL|1381/);
    const logged = lines.filter((line) => line.includes('req-accident-1')).join('');
    expect(logged).toContain('"subgraph":"people"');
    expect(logged).not.toMatch(/13812341234|insert into/);
  });

  it('gives the path in the answer for an error inside a joined entity, and lets null rise', async () => {
    const { body, text } = await ask('{ products { name stock: shelf } }');
    expect(body.data).toEqual(null);
    expect(body.errors).toMatchObject([{ path: ['products', 2, 'stock'], extensions: { code: 'INTERNAL_SERVER_ERROR' } }]);
    expect(text).not.toMatch(/relation|10\.0|stock_|serviceName/);
  });

  it('answers faults of the document with 400 and the code of their kind', async () => {
    expect(await ask('{ product( }')).toMatchObject({ status: 400, body: { errors: [{ extensions: { code: 'GRAPHQL_PARSE_FAILED' }, locations: expect.anything() }] } });
    expect(await ask('{ nothing }')).toMatchObject({ status: 400, body: { errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] } });
    expect((await ask('{ nothing }', chinese)).body.errors?.[0]?.message).toMatch(/^查询与数据图不符：/);
    expect(await ask('query A { me } query B { me }')).toMatchObject({ status: 400, body: { errors: [{ extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } }] } });
    expect(await post({ query: '{ me }', operationName: 'X' })).toMatchObject({ status: 400, body: { errors: [{ extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } }] } });
    expect(await post({ variables: {} })).toMatchObject({ status: 400, body: { errors: [{ extensions: { code: 'BAD_REQUEST', requestId: expect.any(String) } }] } });
  });

  it('answers faults of the input, also those that only the subgraph can see', async () => {
    const bad = { extensions: { code: 'BAD_USER_INPUT' } };
    expect(await ask('query($id: ID!) { product(id: $id) { name } }')).toMatchObject({ status: 400, body: { errors: [bad] } });
    expect(await ask('query($m: Mood) { mood(is: $m) }', {}, { m: 'GOD' })).toMatchObject({ status: 400, body: { errors: [bad] } });
    expect(await ask('query($d: Day!) { since(day: $d) }', {}, { d: 'tomorrow' })).toMatchObject({ body: { errors: [bad] } });
    expect(await ask('{ since(day: "tomorrow") }')).toMatchObject({ body: { data: { since: null }, errors: [{ ...bad, path: ['since'] }] } });
  });

  it('does not help to guess names while introspection is off', async () => {
    for (const query of ['{ produc { name } }', '{ product(id: "1") { nam } }', '{ product(idd: "1") { name } }', '{ mood(is: GOD) }', '{ products { ... on Prodct { id } } }']) {
      expect((await ask(query)).text).not.toContain('Did you mean');
    }
    expect((await ask('query($m: Mood) { mood(is: $m) }', {}, { m: 'GOD' })).text).not.toContain('GOOD');
  });
});

describe('limits', () => {
  const nested = (depth: number): string => `{ products ${'{ parts '.repeat(depth - 2)}{ id }${' }'.repeat(depth - 2)} }`;
  const refused = (code: string, facts: object = {}) => ({ status: 400, body: { errors: expect.arrayContaining([expect.objectContaining({ extensions: expect.objectContaining({ code, ...facts }) })]) } });

  it('lets depth 15 pass and refuses 16', async () => {
    expect((await ask(nested(15))).status).toBe(200);
    expect(await ask(nested(16))).toMatchObject(refused('QUERY_TOO_DEEP', { limit: 15, actual: 16 }));
    expect((await ask(nested(16), chinese)).body.errors?.[0]?.message).toBe('查询嵌套过深。');
  });

  it('refuses floods of aliases, root fields and tokens, and exponential fragments', async () => {
    const many = (count: number, field: (i: number) => string): string => Array.from({ length: count }, (_, i) => field(i)).join(' ');
    expect(await ask(`{ products { ${many(51, (i) => `a${i}: name`)} } }`)).toMatchObject(refused('TOO_MANY_ALIASES', { actual: 51 }));
    expect(await ask(`{ ${many(21, () => 'me')} }`)).toMatchObject(refused('TOO_MANY_ROOT_FIELDS'));
    expect(await ask(`{ ${many(5_000, () => 'me')} }`)).toMatchObject(refused('DOCUMENT_TOO_LONG'));
    // Few tokens and many characters: each would be kept in memory under its text.
    expect(await ask(`{ me } #${'x'.repeat(50_000)}`)).toMatchObject(refused('DOCUMENT_TOO_LONG', { limit: 50_000 }));
    expect(await ask(`{ product(id: "${'x'.repeat(50_000)}") { id } }`)).toMatchObject(refused('DOCUMENT_TOO_LONG'));
    const bomb = many(12, (i) => `fragment F${i} on Product { a: parts { ...F${i + 1} } b: parts { ...F${i + 1} } }`);
    expect(await ask(`{ products { ...F0 } } ${bomb} fragment F12 on Product { id }`)).toMatchObject(refused('QUERY_TOO_LARGE'));
    expect(await ask('{ products { ...A } } fragment A on Product { parts { ...B } } fragment B on Product { parts { ...A } }'))
      .toMatchObject(refused('GRAPHQL_VALIDATION_FAILED'));
    expect(shop.fetches).toEqual([]);
  });

  it('refuses introspection with a code', async () => {
    expect(await ask('{ __schema { types { name } } }')).toMatchObject(refused('INTROSPECTION_DISABLED'));
    expect(await ask('{ t: __type(name: "Product") { name } }')).toMatchObject(refused('INTROSPECTION_DISABLED'));
    expect((await ask('{ __typename }')).body).toEqual({ data: { __typename: 'Query' } });
  });

  it('refuses batches, simple requests of other sites, and subscriptions', async () => {
    expect(await post([{ query: '{ me }' }, { query: '{ me }' }])).toMatchObject({ status: 400, body: { errors: [{ extensions: { code: 'BAD_REQUEST' } }] } });
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
      expect((await post('{"query":"{ me }"}', { 'content-type': type })).status).toBe(400);
    }
    expect((await fetch(`${shop.gateway.url}/graphql?query={me}`)).status).toBe(400);
    expect(await ask('subscription { changed { left } }')).toMatchObject({ status: 400, body: { errors: [{ extensions: { code: 'SUBSCRIPTION_NEEDS_WEBSOCKET' } }] } });
    expect(shop.fetches).toEqual([]);
    expect(shop.feed.listeners).toBe(0);
  });

  it('refuses bodies it cannot or will not read', async () => {
    expect(await post({ query: `{ me } # ${'x'.repeat(2 * 1024 * 1024)}` })).toMatchObject({ status: 413, body: { errors: [{ extensions: { code: 'PAYLOAD_TOO_LARGE' } }] } });
    expect(await post('{"query":')).toMatchObject({ status: 400, body: { errors: [{ extensions: { code: 'BAD_REQUEST' } }] } });
    expect(await post('{}', { 'content-encoding': 'compress' })).toMatchObject({ status: 415, body: { errors: [{ extensions: { code: 'UNSUPPORTED_MEDIA_TYPE' } }] } });
  });
});

describe('who asks', () => {
  it('is anonymous without credentials, and known by token or key', async () => {
    expect((await ask('{ me }')).body.data).toEqual({ me: 'anonymous' });
    expect((await ask('{ me }', { authorization: '' })).body.data).toEqual({ me: 'anonymous' });
    expect((await ask('{ me }', { authorization: 'Bearer good' })).body.data).toEqual({ me: 'stf_1' });
    expect((await ask('{ me }', { 'x-api-key': 'key' })).body.data).toEqual({ me: 'stf_1' });
  });

  it('gets 401 with bad credentials, before the body is looked at', async () => {
    const { status, headers, body } = await post('not even JSON', { authorization: 'Bearer bad', ...chinese });
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toBe('Bearer');
    expect(body.errors).toEqual([{ message: '凭证无效，请重新登录或检查密钥。', extensions: { code: 'UNAUTHENTICATED', reason: 'TOKEN_INVALID', requestId: headers.get('x-request-id') } }]);
  });

  it('gets 500, not 401, when nobody can tell', async () => {
    const { status, text } = await ask('{ me }', { authorization: 'Bearer outage' });
    expect(status).toBe(500);
    expect(text).not.toMatch(/10\.0|ECONN/);
  });
});

describe('the HTTP side', () => {
  it('makes a request id, or takes a harmless one, and echoes it', async () => {
    expect((await ask('{ me }')).headers.get('x-request-id')).toMatch(/^req_[0-9a-z]{26}$/);
    expect((await ask('{ me }', { 'x-request-id': 'abc-12345' })).headers.get('x-request-id')).toBe('abc-12345');
    for (const bad of ['short', 'x'.repeat(65), 'with spaces in it', '<script>alert(1)']) {
      expect((await ask('{ me }', { 'x-request-id': bad })).headers.get('x-request-id')).toMatch(/^req_/);
    }
  });

  it('sends headers that keep browsers careful, and does not name its maker', async () => {
    const { headers } = await ask('{ me }');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-powered-by')).toBeNull();
  });

  it('tells health, readiness, and that there is nothing else', async () => {
    const get = async (path: string) => { const answer = await fetch(shop.gateway.url + path, { redirect: 'manual' }); return [answer.status, await answer.text()]; };
    expect(await get('/healthz')).toEqual([200, '{"status":"live"}']);
    expect(await get('/readyz')).toEqual([200, '{"status":"ready"}']);
    expect(await get('/nowhere')).toEqual([404, expect.stringContaining('"NOT_FOUND"')]);
    expect(await get('/explorer')).toEqual([404, expect.anything()]);
  });

  it('lets others mount routes that see raw bytes, and asks them for readiness', async () => {
    let ready = false;
    const other = await startShop({
      mount: (app) => app.post('/hook', (request, response) => { request.once('data', (bytes: Buffer) => response.send(bytes.toString('hex'))); }),
      ready: async () => ready,
    });
    try {
      const hook = await fetch(`${other.gateway.url}/hook`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{ }' });
      expect(await hook.text()).toBe('7b207d');
      expect((await fetch(`${other.gateway.url}/readyz`)).status).toBe(503);
      ready = true;
      expect((await fetch(`${other.gateway.url}/readyz`)).status).toBe(200);
    } finally {
      await other.gateway.close();
    }
  });

  it('finishes what runs before it closes, and takes nothing new', async () => {
    const other = await startShop();
    const running = post({ query: '{ slow }' }, {}, other);
    while (other.fetches.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const closed = other.gateway.close();
    await expect(post({ query: '{ me }' }, {}, other)).rejects.toThrow();
    other.open();
    expect((await running).body).toEqual({ data: { slow: 'done' } });
    await closed;
    await other.gateway.close();
  });
});
