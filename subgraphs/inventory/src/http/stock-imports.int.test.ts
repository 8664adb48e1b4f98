import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { skuCreated } from '@quanyu/events';
import { newId } from '@quanyu/ids';
import { openTestSubgraph, staffOf, TEST_TENANT, type Json, type TestSubgraph } from '@quanyu/testing';
import { forgetStockUploads, runStockImport } from '../commands/counts/run-stock-import.js';
import { inventory } from '../subgraph.js';

let subgraph: TestSubgraph;
let origin: string;
beforeAll(async () => {
  subgraph = await openTestSubgraph(inventory);
  origin = await subgraph.listen();
});
afterAll(() => subgraph.close());

const ask = async (query: string, variables: Record<string, unknown> = {}): Promise<Json> => {
  const { data, errors } = await subgraph.ask(query, variables);
  expect(errors).toEqual([]);
  return Object.values(data!)[0];
};
const START = 'mutation($input: StartStockImportInput!) { startStockImport(input: $input) { uploadPath stockImport { id state } userErrors { code } } }';
const start = (over: object = {}): Promise<Json> => ask(START, { input: { format: 'CSV', mode: 'SET', idempotencyKey: newId('req'), ...over } });
const put = async (path: string, body: string | Buffer, headers: Record<string, string> = {}): Promise<{ status: number; body: Json }> => {
  const response = await fetch(origin + path, { method: 'PUT', body: new Uint8Array(Buffer.from(body)), headers });
  return { status: response.status, body: await response.json() };
};
const run = (importId: string): Promise<void> => runStockImport(subgraph.deps.database, { tenantId: TEST_TENANT, importId });
const progress = (id: string): Promise<Json> => ask('query($id: ID!) { stockImport(id: $id) { state failureCode rowsTotal rowsDone rowsApplied rowsRefused refusedRowsPath } }', { id });
const newSku = async (code: string = newId('sku').slice(4)): Promise<{ id: string; code: string }> => {
  const id = newId('sku');
  await subgraph.deliver(skuCreated({ tenantId: TEST_TENANT, sequence: 1, data: { skuId: id, productId: newId('prd'), code } }));
  return { id, code };
};
const location = async (code: string): Promise<void> => { await ask('mutation($input: SetStockOnHandInput!) { setStockOnHand(input: $input) { userErrors { code } } }', { input: { skuId: newId('sku'), onHand: 0, locationCode: code, idempotencyKey: newId('req') } }); };
const stock = async (skuId: string): Promise<Record<string, number>> => Object.fromEntries(
  (await ask('query($skuIds: [ID!]) { stockLevels(skuIds: $skuIds) { nodes { onHand location { code } } } }', { skuIds: [skuId] })).nodes.map((level: Json) => [level.location.code, level.onHand]));
/** From the file to the end of it. */
const whole = async (body: string, over: object = {}): Promise<{ id: string; refused: string }> => {
  const { uploadPath, stockImport: { id } } = await start(over);
  expect(await put(uploadPath, body)).toMatchObject({ status: 202 });
  await run(id);
  const { refusedRowsPath } = await progress(id);
  return { id, refused: refusedRowsPath === null ? '' : await (await fetch(origin + refusedRowsPath)).text() };
};

describe('a file of stock', () => {
  it('sets what was counted, by code or id, and gives back the rows it refused', async () => {
    const [tee, mug] = [await newSku(), await newSku()];
    await location('main');
    await location('east');
    const { id, refused } = await whole(`\uFEFFSKU,Location,Quantity,note\r\n${tee.code},east,12,\r\n"${mug.id}",,3,x\r\nNOBODY,east,1,\r\n${tee.code},moon,1,\r\n\r\n${tee.code},main,many,\r\n"${tee.code},east,1`);
    expect(await progress(id)).toMatchObject({ state: 'DONE', rowsTotal: 6, rowsDone: 6, rowsApplied: 2, rowsRefused: 4 });
    expect(await stock(tee.id)).toEqual({ east: 12 });
    expect(await stock(mug.id)).toEqual({ main: 3 });
    expect(refused.split('\r\n')).toEqual(['line,code,text', '4,SKU_UNKNOWN,"NOBODY,east,1,"', `5,LOCATION_UNKNOWN,"${tee.code},moon,1,"`, `7,QUANTITY_INVALID,"${tee.code},main,many,"`, `8,ROW_MALFORMED,"""${tee.code},east,1"`, '']);
    const { nodes } = await ask('query($ref: String!) { movements(filter: { reference: $ref }) { nodes { reason onHand actor } } }', { ref: id });
    expect(nodes).toHaveLength(2);
    expect(nodes).toEqual(expect.arrayContaining([{ reason: 'COUNT', onHand: 12, actor: 'stf_test' }]));
  });

  it('adjusts by JSONL, and refuses what would leave less than nothing', async () => {
    const tee = await newSku();
    const lines = [{ sku: tee.code, quantity: 5 }, { sku: tee.code, quantity: -2 }, { sku: tee.code, quantity: -9 }, { sku: tee.code, quantity: '1' }, { sku: 'a\u0000b', quantity: 1 }, { sku: '\ud800', quantity: 1 }];
    const { refused } = await whole(lines.map((line) => JSON.stringify(line)).join('\n'), { format: 'JSONL', mode: 'ADJUST' });
    expect(await stock(tee.id)).toEqual({ main: 4 });
    expect(refused.split('\r\n').map((line) => line.split(',').slice(0, 2).join(' '))).toEqual(['line code', '3 BELOW_ZERO', '5 ROW_MALFORMED', '6 ROW_MALFORMED', '']);
  });

  it('is worked off once: killed at any piece, run by two at once, asked for again', async () => {
    const skus = await Promise.all(Array.from({ length: 5 }, () => newSku()));
    const rows = 6_000;
    const { uploadPath, stockImport: { id } } = await start({ mode: 'ADJUST', idempotencyKey: 'twice' });
    await put(uploadPath, `sku,quantity\n${Array.from({ length: rows }, (_, n) => `${skus[n % 5]!.code},1`).join('\n')}\nNOBODY,1`);
    expect(subgraph.enqueued.at(-1)).toEqual({ name: 'inventory.run-stock-import', payload: { tenantId: TEST_TENANT, importId: id } });
    // Cut off after the first piece, as a process that is told to stop.
    const cut = new AbortController();
    const first = runStockImport(subgraph.deps.database, { tenantId: TEST_TENANT, importId: id }, cut.signal);
    cut.abort();
    await first;
    const half = await progress(id);
    expect(half).toMatchObject({ state: 'RUNNING', rowsTotal: rows + 1, rowsRefused: 0 });
    expect(half.rowsDone).toBeGreaterThan(0);
    expect(half.rowsDone).toBeLessThan(rows);
    // A piece whose transaction is lost leaves nothing behind.
    await expect(subgraph.deps.database.write(TEST_TENANT, 'test', async (em) => {
      await em.execute('delete from stock_import_piece where import_id = ? and n = 1', [id]);
      throw new Error('killed');
    })).rejects.toThrow('killed');
    await Promise.all([run(id), run(id), run(id)]);
    await run(id);
    expect((await start({ mode: 'ADJUST', idempotencyKey: 'twice' }))).toEqual({ uploadPath: null, stockImport: { id, state: 'DONE' }, userErrors: [] });
    expect(await progress(id)).toMatchObject({ state: 'DONE', rowsTotal: rows + 1, rowsDone: rows + 1, rowsApplied: rows, rowsRefused: 1 });
    for (const sku of skus) expect(await stock(sku.id)).toEqual({ main: rows / 5 });
    expect(await subgraph.rows(TEST_TENANT, 'select 1 from stock_import_piece where import_id = ?', [id])).toEqual([]);
  });

  it('that was cut off on its way can be sent again, and a slower sender does not spoil it', async () => {
    const tee = await newSku();
    const { uploadPath, stockImport: { id } } = await start();
    const slow = httpRequest(origin + uploadPath, { method: 'PUT' });
    slow.on('error', () => undefined);
    slow.write(`sku,quantity\n${'NOBODY,1\n'.repeat(20_000)}`);
    for (let pieces = 0; pieces === 0;) pieces = (await subgraph.rows(TEST_TENANT, 'select 1 from stock_import_piece where import_id = ?', [id])).length;
    expect(await put(uploadPath, `sku,quantity\n${tee.code},7`)).toEqual({ status: 202, body: { received: true, lines: 1 } });
    slow.destroy();
    await run(id);
    expect(await progress(id)).toMatchObject({ state: 'DONE', rowsApplied: 1, rowsRefused: 0 });
    expect(await stock(tee.id)).toEqual({ main: 7 });
    expect(await put(uploadPath, 'sku,quantity\n')).toMatchObject({ status: 409, body: { error: { code: 'FILE_NOT_EXPECTED' } } });
  });

  it('that stands still is found due, and one that never came whole is forgotten', async () => {
    const [stale, waiting] = [(await start()).stockImport.id, (await start()).stockImport.id];
    await subgraph.deps.database.write(TEST_TENANT, 'test', async (em) => {
      await em.execute("update stock_import set state = 'RECEIVING', changed_at = app_now() - interval '2 days' where id = ?", [stale]);
      await em.execute("update stock_import set state = 'QUEUED', changed_at = app_now() - interval '1 minute' where id = ?", [waiting]);
    });
    await forgetStockUploads(subgraph.deps);
    const due: unknown[] = [];
    for await (const batch of inventory.jobs!(subgraph.deps).definitions.find(({ name }) => name === 'inventory.run-stock-import')!.due!()) due.push(...batch);
    expect(due).toEqual([{ payload: { tenantId: TEST_TENANT, importId: waiting }, jobId: waiting }]);
    expect(await progress(stale)).toMatchObject({ state: 'FAILED', failureCode: 'UPLOAD_CUT_OFF' });
    await ask('mutation($id: ID!) { cancelStockImport(input: { importId: $id }) { userErrors { code } } }', { id: waiting });
    await run(waiting);
    expect(await progress(waiting)).toMatchObject({ state: 'CANCELLED', rowsDone: 0 });
  });

  it.each([
    ['no header', 'a,b\n1,2', 'HEADER_INVALID'],
    ['nothing', '', 'FILE_EMPTY'],
    ['no text', Buffer.from([0x73, 0x6b, 0xff, 0xfe, 0x0a]), 'FILE_NOT_TEXT'],
    ['one endless line', 'x'.repeat(400_000), 'FILE_NOT_TEXT'],
  ])('is refused as a whole when it is %s', async (_, body, code) => {
    const { uploadPath, stockImport: { id } } = await start();
    expect(await put(uploadPath, body)).toMatchObject({ status: 422, body: { error: { code } } });
    expect(await progress(id)).toMatchObject({ state: 'FAILED', failureCode: code });
  });

  it('is opened by its own link alone', async () => {
    const [one, other] = [await start(), await start()];
    const path = one.uploadPath as string;
    const notFound = { status: 404, body: { error: { code: 'IMPORT_NOT_FOUND' } } };
    expect(await put(path.replace(one.stockImport.id, other.stockImport.id), 'sku,quantity\n')).toMatchObject(notFound);
    expect(await put(path.replace(/link=.*/, 'link=s1.x.y'), 'sku,quantity\n')).toMatchObject(notFound);
    expect(await put(path.replace(/\?.*/, ''), 'sku,quantity\n')).toMatchObject(notFound);
    expect(await put('/stock-imports/%E0%A4%A/file', 'x')).toMatchObject(notFound);
    expect((await fetch(origin + path.replace('/file', '/refused.csv'))).status).toBe(404);
    expect((await put(path, 'x', { 'content-encoding': 'gzip' })).status).toBe(415);
    const stranger = staffOf('ten_00000000000000000000000008');
    expect((await subgraph.ask('query($id: ID!) { stockImport(id: $id) { id } }', { id: one.stockImport.id }, stranger)).data).toEqual({ stockImport: null });
    const reader = staffOf(TEST_TENANT, { scopes: ['inventory:read'] });
    expect((await subgraph.ask(START, { input: { format: 'CSV', mode: 'SET', idempotencyKey: 'k' } }, reader)).errors[0]?.code).toBe('FORBIDDEN');
    const cancel = 'mutation($id: ID!) { cancelStockImport(input: { importId: $id }) { userErrors { code } } }';
    expect((await subgraph.ask(cancel, { id: one.stockImport.id }, stranger)).data?.cancelStockImport.userErrors).toEqual([{ code: 'IMPORT_NOT_FOUND' }]);
  });
});
