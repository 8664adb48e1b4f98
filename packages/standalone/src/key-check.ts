import { SealError, type SealContext, type Vault } from '@quanyu/pii';
import { addSecrets, secretsFile, type Secrets } from './secrets.js';
import { SetupError } from './setup-error.js';

const CONTEXT: SealContext = { tenantId: 'quanyu', row: 'secrets.json', field: 'key-check' };

/**
 * Stops the start when the keys are not those that the data was sealed and indexed with: nothing of it could be opened
 * or found, and what comes in now could not be either once the right ones are back.
 */
export async function checkKeys(dataDir: string, { keyCheck }: Pick<Secrets, 'keyCheck'>, vault: Vault): Promise<void> {
  const index = vault.index('email', CONTEXT.field, CONTEXT.tenantId);
  if (keyCheck !== undefined && opened(vault, keyCheck, dataDir) !== index) throw foreign('PII_INDEX_KEY', dataDir);
  // Sealed anew with a key that has come since, so that the one before can go.
  if (keyCheck === undefined || vault.needsReseal(keyCheck)) await addSecrets(dataDir, { keyCheck: vault.seal(index, CONTEXT) });
}

function opened(vault: Vault, keyCheck: string, dataDir: string): string {
  try {
    return vault.open(keyCheck, CONTEXT);
  } catch (error) {
    throw error instanceof SealError ? foreign('PII_SEAL_KEYS', dataDir) : error;
  }
}

const foreign = (name: string, dataDir: string): SetupError => new SetupError(
  `${name} is not what the data of this folder was kept with: personal data and webhook secrets could not be read. Give the former one (after a rotation, beside the new one), or another folder. It is told by ${secretsFile(dataDir)}.`);
