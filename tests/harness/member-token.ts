import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { importJWK, SignJWT, type JWK } from 'jose';
import type { Product } from './product.js';

/** A token for a shopper of the demo tenant, as its development issuer would give it; with a phone number that it has verified. */
export async function memberToken(product: Pick<Product, 'dataDir'>, subject: string, phone?: string): Promise<string> {
  const { issuerKey } = JSON.parse(await readFile(join(product.dataDir, 'secrets.json'), 'utf8')) as { issuerKey: JWK };
  return new SignJWT(phone === undefined ? {} : { phone_number: phone, phone_number_verified: true })
    .setProtectedHeader({ alg: 'ES256', kid: issuerKey.kid }).setIssuer('urn:quanyu:development:members').setAudience('quanyu').setSubject(subject).setExpirationTime('1h')
    .sign(await importJWK(issuerKey, 'ES256'));
}
