import { createHash } from 'node:crypto';
import { createTenant, type Calls } from '@quanyu/calls';
import { DEVELOPMENT_ISSUER, isFresh, issueToken, OWNER_SUBJECT } from './development-issuer.js';
import { addSecrets, type Secrets } from './secrets.js';

/** By which a person or a test asks the demo tenant. */
export interface DevelopmentCredentials { readonly staffToken: string; readonly partnerKey: string; readonly webhookSecret: string }

/** The credentials of a data folder, with a token that holds for another day at least. */
export async function developmentCredentials(dataDir: string, secrets: Secrets): Promise<DevelopmentCredentials> {
  const { partnerKey, webhookSecret } = secrets;
  if (isFresh(secrets.staffToken, secrets.issuerKey)) return { staffToken: secrets.staffToken, partnerKey, webhookSecret };
  const staffToken = await issueToken(secrets.issuerKey, OWNER_SUBJECT);
  await addSecrets(dataDir, { staffToken });
  return { staffToken, partnerKey, webhookSecret };
}

/** Makes the demo tenant, its owner and its partner key; nothing where they are there. */
export const ensureDemoTenant = (calls: Calls, partnerKey: string): Promise<unknown> => calls.invoke(createTenant, {
  name: 'Demo studio',
  owner: { issuer: DEVELOPMENT_ISSUER, subject: OWNER_SUBJECT, name: 'Demo owner' },
  partnerKey: { hash: createHash('sha256').update(partnerKey).digest('hex'), prefix: partnerKey.slice(0, 10), name: 'Demo partner' },
});
