import { createHash } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import { sqlMigrations, type SqlMigration } from '@quanyu/database';
import { ProductError } from './errors.js';

export const idempotencyMigrations = (): SqlMigration[] => sqlMigrations(new URL('../migrations/', import.meta.url));

const LONGEST_KEY = 255;

/** A key, and what was asked with it. */
export interface OnceRequest { readonly key: string; readonly input: unknown }

/**
 * Runs `work` once for a key, inside the transaction of `em`; a replay gets the first result, the same key with other
 * input the error IDEMPOTENCY_KEY_REUSED; a key has 1 to 255 characters. The result must be plain JSON: keep ids, and read the rest anew.
 */
export async function once<R>(
  em: EntityManager, tenantId: string, { mutation, ...request }: OnceRequest & { readonly mutation: string }, work: () => Promise<R>,
): Promise<R> {
  const [result] = await onceEach(em, tenantId, mutation, [request], async () => [await work()]);
  if (result instanceof ProductError) throw result;
  return result as R;
}

/**
 * The same for several at once, in as many statements as for one. `work` gets the places of those whose key is new, and
 * answers them in that order; what is refused stands in its place as the error that `once` would throw.
 */
export async function onceEach<R>(
  em: EntityManager, tenantId: string, mutation: string, requests: readonly OnceRequest[], work: (fresh: readonly number[]) => Promise<readonly R[]>,
): Promise<(R | ProductError)[]> {
  const results: (R | ProductError)[] = [];
  const asked = requests.map(({ key, input }, place) => ({ place, key, hash: createHash('sha256').update(canonical(input)).digest('hex') }));
  for (const { place, key } of asked) if (key === '' || key.length > LONGEST_KEY) results[place] = new ProductError('INPUT_INVALID', 'idempotencyKey');
  const sound = asked.filter(({ place }) => results[place] === undefined);
  if (sound.length === 0) return results;
  // A second request with a key waits here for the first one's transaction to end. In one order, so that two batches do not deadlock.
  const entered = new Set((await em.execute<{ key: string }[]>(
    `insert into idempotency_key (tenant_id, mutation, key, request_hash)
     select ?, ?, w.key, w.hash from jsonb_to_recordset(?::jsonb) as w (place int, key text, hash text) order by w.key, w.place on conflict do nothing returning key`,
    [tenantId, mutation, JSON.stringify(sound)])).map(({ key }) => key));
  // Of two with one key the first is the new one.
  const fresh = sound.filter(({ key }) => entered.delete(key));
  if (fresh.length > 0) {
    const done = await work(fresh.map(({ place }) => place));
    fresh.forEach(({ place }, n) => { results[place] = done[n] as R; });
    await em.execute(
      `update idempotency_key k set result = w.result from jsonb_to_recordset(?::jsonb) as w (key text, result jsonb) where k.tenant_id = ? and k.mutation = ? and k.key = w.key`,
      [JSON.stringify(fresh.map(({ key }, n) => ({ key, result: done[n] }))), tenantId, mutation]);
  }
  const known = sound.filter(({ place }) => results[place] === undefined);
  if (known.length === 0) return results;
  const firsts = new Map((await em.execute<{ key: string; hash: string; result: R }[]>(
    'select key, request_hash as hash, result from idempotency_key where tenant_id = ? and mutation = ? and key in (select jsonb_array_elements_text(?::jsonb))',
    [tenantId, mutation, JSON.stringify(known.map(({ key }) => key))])).map((row) => [row.key, row]));
  for (const { place, key, hash } of known) {
    const first = firsts.get(key);
    results[place] = first?.hash === hash ? first.result : new ProductError('IDEMPOTENCY_KEY_REUSED');
  }
  return results;
}

/** JSON with sorted keys: two spellings of one input are the same request. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part);
}
