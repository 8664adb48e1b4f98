import { createCipheriv, randomBytes } from 'node:crypto';
import { armor, Encrypter } from 'age-encryption';

/** A file's own key: AES-256. */
export const newFileKey = (): Buffer => randomBytes(32);

/** The file's key, sealed for its recipients (age v1, X25519), armored; null where one of them is no such key. */
export async function wrapKey(key: Buffer, recipients: readonly string[]): Promise<string | null> {
  const encrypter = new Encrypter();
  try {
    for (const recipient of recipients) encrypter.addRecipient(recipient);
  } catch {
    return null;
  }
  return armor.encode(await encrypter.encrypt(key));
}

/** A cell: base64url of nonce (12 bytes), ciphertext and tag (16 bytes), AES-256-GCM; bound to its order, so that cells cannot be swapped. */
export function sealCell(key: Buffer, orderId: string, clear: string): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(Buffer.from(orderId));
  return Buffer.concat([nonce, cipher.update(clear, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64url');
}
