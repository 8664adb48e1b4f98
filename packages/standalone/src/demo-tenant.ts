import { createHash } from 'node:crypto';
import { adoptMemberIssuer, createTenant, type Calls } from '@quanyu/calls';
import { DEVELOPMENT_ISSUER, DEVELOPMENT_MEMBER_ISSUER, isFresh, issueToken, MEMBER_SUBJECT, OWNER_SUBJECT } from './development-issuer.js';
import { addSecrets, type Secrets } from './secrets.js';

/** By which a person or a test asks the demo tenant. */
export interface DevelopmentCredentials { readonly staffToken: string; readonly memberToken: string; readonly partnerKey: string; readonly webhookSecret: string }

/** The credentials of a data folder, with a token that holds for another day at least. */
export async function developmentCredentials(dataDir: string, secrets: Secrets): Promise<DevelopmentCredentials> {
  const { partnerKey, webhookSecret } = secrets;
  const memberToken = await issueToken(secrets.issuerKey, MEMBER_SUBJECT, DEVELOPMENT_MEMBER_ISSUER);
  if (isFresh(secrets.staffToken, secrets.issuerKey)) return { staffToken: secrets.staffToken, memberToken, partnerKey, webhookSecret };
  const staffToken = await issueToken(secrets.issuerKey, OWNER_SUBJECT);
  await addSecrets(dataDir, { staffToken });
  return { staffToken, memberToken, partnerKey, webhookSecret };
}

/** Makes the demo tenant, its owner and its partner key, and lets shoppers sign in; nothing where they are there. */
export async function ensureDemoTenant(calls: Calls, partnerKey: string): Promise<void> {
  const { tenantId } = await calls.invoke(createTenant, {
    name: 'Demo studio', runsHouse: true,
    owner: { issuer: DEVELOPMENT_ISSUER, subject: OWNER_SUBJECT, name: 'Demo owner' },
    partnerKey: { hash: createHash('sha256').update(partnerKey).digest('hex'), prefix: partnerKey.slice(0, 10), name: 'Demo partner' },
  });
  await calls.invoke(adoptMemberIssuer, { tenantId, issuer: DEVELOPMENT_MEMBER_ISSUER });
}
