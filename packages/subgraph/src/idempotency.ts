import { createHash } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import { sqlMigrations, type SqlMigration } from '@quanyu/database';
import { ProductError } from './errors.js';

export const idempotencyMigrations = (): SqlMigration[] => sqlMigrations(new URL('../migrations/', import.meta.url));

const LONGEST_KEY = 255;

/**
 * Runs `work` once for a key, inside the transaction of `em`; a replay gets the first result, the same key with other
 * input the error IDEMPOTENCY_KEY_REUSED; a key has 1 to 255 characters. The result must be plain JSON: keep ids, and read the rest anew.
 */
export async function once<R>(
  em: EntityManager, tenantId: string, request: { readonly mutation: string; readonly key: string; readonly input: unknown }, work: () => Promise<R>,
): Promise<R> {
  if (request.key === '' || request.key.length > LONGEST_KEY) throw new ProductError('INPUT_INVALID', 'idempotencyKey');
  const hash = createHash('sha256').update(canonical(request.input)).digest('hex');
  // A second request with the key waits here for the first one's transaction to end.
  const mine = await em.execute<unknown[]>(
    'insert into idempotency_key (tenant_id, mutation, key, request_hash) values (?, ?, ?, ?) on conflict do nothing returning 1',
    [tenantId, request.mutation, request.key, hash]);
  if (mine.length === 0) {
    const [first] = await em.execute<{ request_hash: string; result: R }[]>(
      'select request_hash, result from idempotency_key where tenant_id = ? and mutation = ? and key = ?', [tenantId, request.mutation, request.key]);
    if (first?.request_hash !== hash) throw new ProductError('IDEMPOTENCY_KEY_REUSED');
    return first.result;
  }
  const result = await work();
  await em.execute('update idempotency_key set result = ? where tenant_id = ? and mutation = ? and key = ?', [JSON.stringify(result), tenantId, request.mutation, request.key]);
  return result;
}

/** JSON with sorted keys: two spellings of one input are the same request. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part);
}
